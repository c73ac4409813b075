/*
sentence:
  en: The adverse event ends before it starts.
  zh: 不良反应结束日期早于开始日期。
severity: error
action: report_only
channel: report
kahn: plausibility
scope: row
tables: [adverse_event]
fields: [stopped_on]
advice:
  en: Check both dates.
  zh: 请核对两个日期。
source: own
*/
select t.centre, 'adverse_event' as table_name, t.patient_id, t.record_key, 'stopped_on' as field,
    t.stopped_on_latest < t.started_on_earliest as is_fault
from core.adverse_event as t
where t.stopped_on_latest is not null and t.started_on_earliest is not null
