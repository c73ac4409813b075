/*
sentence:
  en: The first day of a line is another than in the last delivery.
  zh: 治疗线开始日期与上次提交不同。
severity: warning
action: report_only
channel: report
kahn: plausibility
scope: last_delivery
tables: [treatment_line]
fields: [started_on]
advice:
  en: Say which day the line began.
  zh: 请说明该线治疗的开始日期。
source: own
*/
select centre, table_name, patient_id, record_key, field, is_changed as is_fault
from staging.change
where table_name = 'treatment_line' and field = 'started_on'
