/*
sentence:
  en: The person was dead in the last delivery and is not in this one.
  zh: 上次提交中患者已死亡，本次提交中不再是死亡。
severity: error
action: query
channel: query
kahn: plausibility
scope: last_delivery
tables: [follow_up]
fields: [status]
is_critical: true
advice:
  en: Say whether the person died, and when.
  zh: 请说明患者是否死亡及死亡日期。
source: own
*/
with
    heard as (
        select centre, patient_id, min(record_key) as record_key,
            coalesce(bool_or(status_code = 'dead' or death_on_earliest is not null), false) as is_dead
        from staging.follow_up
        group by all
    ),

    told as (
        select centre, patient_id, min(record_key) as record_key,
            coalesce(bool_or(status_code = 'dead' or death_on_earliest is not null), false) as is_dead
        from staging.before_follow_up
        group by all
    )

select told.centre, 'follow_up' as table_name, told.patient_id, coalesce(heard.record_key, told.record_key) as record_key,
    'status' as field, not coalesce(heard.is_dead, false) as is_fault
from told
join staging.patient as p on p.centre = told.centre and p.patient_id = told.patient_id
left join heard on heard.centre = told.centre and heard.patient_id = told.patient_id
where told.is_dead
