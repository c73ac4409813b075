/*
sentence:
  en: An adverse event has no name.
  zh: 不良反应未填写名称。
severity: warning
action: report_only
channel: report
kahn: completeness
scope: row
tables: [adverse_event]
fields: [term]
advice:
  en: Give the event.
  zh: 请填写不良反应名称。
source: own
*/
select t.centre, 'adverse_event' as table_name, t.patient_id, t.record_key, 'term' as field,
    t.term_source is null as is_fault
from core.adverse_event as t
