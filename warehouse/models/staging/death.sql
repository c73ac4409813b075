-- grain: one row per patient and reading with a death up to the cut-off: the first day of death
-- A day known by its month or year lies between the last sign of life and its own end, and yields to a known day in it.
with
    told as (
        select dated.*
        from staging.dated as dated
        where variable = 'death_on'
            and (known_to = 'day' or not exists (
                select 1
                from staging.dated as exact
                where exact.patient_id = dated.patient_id and exact.reading = 'sent' and exact.variable = 'death_on'
                    and exact.known_to = 'day' and exact.day between dated.first_day and dated.last_day
            ))
    ),

    bounded as (
        select
            told.patient_id, told.reading, told.record_key, told.cut_off_on,
            told.known_to <> 'day' as is_partial,
            case
                when told.known_to = 'day' then told.day
                else least(told.last_day, greatest(told.day, alive.day, told.index_on))
            end as day
        from told
        left join staging.last_alive as alive on alive.patient_id = told.patient_id and alive.reading = 'sent'
    )

select patient_id, reading, record_key, day, is_partial
from bounded
where day <= cut_off_on
qualify row_number() over (partition by patient_id, reading order by day, record_key) = 1
