/*
sentence:
  en: The person died before birth.
  zh: 死亡日期早于出生日期。
severity: error
action: report_only
channel: report
kahn: plausibility
scope: table
tables: [follow_up, patient]
fields: [death_on]
explained_by: [born_after_diagnosis, death_before_diagnosis]
advice:
  en: Check the day of birth and the day of death.
  zh: 请核对出生日期和死亡日期。
source: own
*/
select t.centre, 'follow_up' as table_name, t.patient_id, t.record_key, 'death_on' as field,
    t.death_on_latest < p.born_on_earliest as is_fault
from core.follow_up as t
join core.patient as p using (patient_id)
where t.death_on_latest is not null and p.born_on_earliest is not null
