/*
sentence:
  en: Metastatic disease was shown before the diagnosis.
  zh: 转移日期早于诊断日期。
severity: warning
action: query
channel: query
kahn: plausibility
scope: row
tables: [tumour]
fields: [metastatic_on]
is_critical: true
advice:
  en: Check both dates; a diagnosis made elsewhere may be older.
  zh: 请核对两个日期；外院诊断可能更早。
source: own
*/
select centre, 'tumour' as table_name, patient_id, record_key, 'metastatic_on' as field,
    metastatic_on_latest < diagnosed_on_earliest - 60 as is_fault
from core.tumour
where metastatic_on_latest is not null and diagnosed_on_earliest is not null
