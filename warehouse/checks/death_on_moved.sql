/*
sentence:
  en: The day of death is another than in the last delivery.
  zh: 死亡日期与上次提交不同。
severity: error
action: query
channel: query
kahn: plausibility
scope: last_delivery
tables: [follow_up]
fields: [death_on]
is_critical: true
advice:
  en: Say which day of death holds.
  zh: 请说明哪一个死亡日期正确。
source: own
*/
-- The first day of death that each delivery gives; partial days that allow each other are no change.
with
    now as (
        select centre, patient_id, arg_min(record_key, (death_on_earliest, record_key)) as record_key,
            min(death_on_earliest) as first_day, min(death_on_latest) as last_day
        from staging.follow_up
        where death_on_earliest is not null
        group by all
    ),

    told as (
        select centre, patient_id, min(death_on_earliest) as first_day, min(death_on_latest) as last_day
        from staging.before_follow_up
        where death_on_earliest is not null
        group by all
    )

select now.centre, 'follow_up' as table_name, now.patient_id, now.record_key, 'death_on' as field,
    now.last_day < told.first_day or now.first_day > told.last_day as is_fault
from now
join told using (centre, patient_id)
