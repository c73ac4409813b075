/*
sentence:
  en: The adverse event has not ended by its outcome, but has a last day.
  zh: 结局为未恢复，却有结束日期。
severity: warning
action: report_only
channel: report
kahn: plausibility
scope: row
tables: [adverse_event]
fields: [outcome, stopped_on]
advice:
  en: Check outcome and last day.
  zh: 请核对结局和结束日期。
source: own
*/
select t.centre, 'adverse_event' as table_name, t.patient_id, t.record_key, 'outcome' as field,
    t.outcome_code = 'not_recovered' as is_fault
from core.adverse_event as t
where t.stopped_on_earliest is not null and t.outcome_code is not null
