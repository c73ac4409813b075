/*
sentence:
  en: The day of an assessment is another than in the last delivery.
  zh: 评估日期与上次提交不同。
severity: warning
action: report_only
channel: report
kahn: plausibility
scope: last_delivery
tables: [response_assessment]
fields: [assessed_on]
advice:
  en: Say which day the imaging was made.
  zh: 请说明影像检查的实际日期。
source: own
*/
select centre, table_name, patient_id, record_key, field, is_changed as is_fault
from staging.change
where table_name = 'response_assessment' and field = 'assessed_on'
