/*
sentence:
  en: The words of the diagnosis and its code name different entities.
  zh: 诊断文字与编码不一致。
severity: error
action: query
channel: query
kahn: plausibility
scope: row
tables: [tumour]
fields: [histology]
is_critical: true
advice:
  en: Say which of the two holds.
  zh: 请确认以文字还是编码为准。
source: own; one ICD-O code can belong to several entities, so the morphology is compared
*/
select tumour.centre, 'tumour' as table_name, tumour.patient_id, tumour.record_key, 'histology' as field,
    diagnosis.is_conflict as is_fault
from staging.diagnosis as diagnosis
join core.tumour as tumour using (centre, record_key)
where diagnosis.is_judgeable
