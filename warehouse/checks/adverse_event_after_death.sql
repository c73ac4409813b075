/*
sentence:
  en: An adverse event began after death.
  zh: 不良反应发生于死亡之后。
severity: error
action: report_only
channel: report
kahn: plausibility
scope: table
tables: [adverse_event, follow_up]
fields: [started_on]
explained_by: [deaths_differ, death_before_diagnosis]
advice:
  en: Check the day of death and this day.
  zh: 请核对死亡日期和该日期。
source: own
*/
select t.centre, 'adverse_event' as table_name, t.patient_id, t.record_key, 'started_on' as field,
    t.started_on_earliest > d.death_on as is_fault
from core.adverse_event as t
join staging.first_death as d using (patient_id)
where t.started_on_earliest is not null
