/*
sentence:
  en: The diagnosis is not given.
  zh: 未提供病理诊断。
severity: error
action: query
channel: query
kahn: completeness
scope: row
tables: [tumour]
fields: [histology]
is_critical: true
advice:
  en: Give the diagnosis as the pathologist wrote it.
  zh: 请提供病理医生书写的诊断。
source: own
*/
select centre, 'tumour' as table_name, patient_id, record_key, 'histology' as field,
    histology_source is null and morphology_source is null as is_fault
from core.tumour
