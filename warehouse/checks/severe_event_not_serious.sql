/*
sentence:
  en: A life-threatening or fatal event is called not serious.
  zh: 危及生命或致死的不良反应填写为非严重。
severity: warning
action: report_only
channel: report
kahn: plausibility
scope: row
tables: [adverse_event]
fields: [is_serious, grade]
advice:
  en: Check grade and seriousness.
  zh: 请核对分级和严重性。
source: "ICH E2A: death and danger to life are serious"
*/
select t.centre, 'adverse_event' as table_name, t.patient_id, t.record_key, 'is_serious' as field,
    not t.is_serious as is_fault
from core.adverse_event as t
where t.grade >= 4 and t.is_serious is not null
