/*
sentence:
  en: The day of metastatic disease is another than in the last delivery.
  zh: 转移日期与上次提交不同。
severity: warning
action: report_only
channel: report
kahn: plausibility
scope: last_delivery
tables: [tumour]
fields: [metastatic_on]
advice:
  en: Say which day holds.
  zh: 请说明哪一个日期正确。
source: own
*/
select centre, table_name, patient_id, record_key, field, is_changed as is_fault
from staging.change
where table_name = 'tumour' and field = 'metastatic_on'
