/*
sentence:
  en: Two different days of death are given for one person.
  zh: 同一患者有两个不同的死亡日期。
severity: error
action: query
channel: query
kahn: plausibility
scope: table
tables: [follow_up]
fields: [death_on]
is_critical: true
advice:
  en: Say which day of death holds.
  zh: 请确认正确的死亡日期。
source: own
*/
select f.centre, 'follow_up' as table_name, f.patient_id, f.record_key, 'death_on' as field,
    f.death_on <> min(f.death_on) over (partition by f.patient_id) as is_fault
from core.follow_up as f
where f.death_on is not null
