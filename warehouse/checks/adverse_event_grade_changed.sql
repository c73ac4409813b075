/*
sentence:
  en: The grade of an adverse event is another than in the last delivery.
  zh: 不良反应分级与上次提交不同。
severity: info
action: report_only
channel: report
kahn: plausibility
scope: last_delivery
tables: [adverse_event]
fields: [grade]
advice:
  en: Confirm the highest grade.
  zh: 请确认最高分级。
source: own
*/
select centre, table_name, patient_id, record_key, field, is_changed as is_fault
from staging.change
where table_name = 'adverse_event' and field = 'grade'
