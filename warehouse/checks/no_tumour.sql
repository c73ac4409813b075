/*
sentence:
  en: The person has no tumour.
  zh: 患者没有肿瘤记录。
severity: error
action: query
channel: query
kahn: completeness
scope: table
tables: [patient, tumour]
fields: []
is_critical: true
advice:
  en: Send the diagnosis.
  zh: 请补充肿瘤诊断。
source: own
*/
select p.centre, 'patient' as table_name, p.patient_id, p.record_key, null as field,
    p.patient_id not in (select patient_id from core.tumour) as is_fault
from core.patient as p
