/*
sentence:
  en: The number of a line is another than in the last delivery.
  zh: 治疗线数与上次提交不同。
severity: warning
action: report_only
channel: report
kahn: plausibility
scope: last_delivery
tables: [treatment_line]
fields: [line_stated]
advice:
  en: Say which number holds.
  zh: 请说明哪一个线数正确。
source: own
*/
select centre, table_name, patient_id, record_key, field, is_changed as is_fault
from staging.change
where table_name = 'treatment_line' and field = 'line_stated'
