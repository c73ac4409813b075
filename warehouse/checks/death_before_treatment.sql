/*
sentence:
  en: The person died before the first drug was given; survival would be negative.
  zh: 死亡日期早于首次用药，生存期为负。
severity: error
action: report_only
channel: report
kahn: plausibility
scope: table
tables: [follow_up, drug_exposure]
fields: [death_on]
explained_by: [death_before_diagnosis, deaths_differ]
advice:
  en: Check the day of death and the first dose.
  zh: 请核对死亡日期和首次用药日期。
source: own
*/
select t.centre, 'follow_up' as table_name, t.patient_id, t.record_key, 'death_on' as field,
    t.death_on_latest < d.started_on as is_fault,
    t.death_on_latest - d.started_on as measure
from core.follow_up as t
join (
    select patient_id, min(started_on_earliest) as started_on from core.drug_exposure group by patient_id
) as d using (patient_id)
where t.death_on_latest is not null and d.started_on is not null
