/*
sentence:
  en: A mild event is called serious.
  zh: 1级不良反应填写为严重。
severity: info
action: report_only
channel: report
kahn: plausibility
scope: row
tables: [adverse_event]
fields: [is_serious, grade]
advice:
  en: Check grade and seriousness.
  zh: 请核对分级和严重性。
source: own; ICH E2A
*/
select t.centre, 'adverse_event' as table_name, t.patient_id, t.record_key, 'is_serious' as field,
    t.is_serious as is_fault
from core.adverse_event as t
where t.grade = 1 and t.is_serious is not null
