-- grain: one row per person reported dead, with the earliest of the days told; of a month its last day
with told as (
    select
        patient_id,
        min(death_on_latest) filter (death_on_precision in ('day', 'month')) as death_date,
        min(death_cause_code) as cause_source_value
    from core.follow_up
    where status_code = 'dead'
    group by patient_id
)
select
    p.person_id,
    t.death_date,
    32879 as death_type_concept_id,
    t.cause_source_value,
    case
        when p.person_id is null then 'person left out'
        when t.death_date is null then 'month of death unknown'
    end as left_out_because
from told as t
left join person as p on p.person_source_value = t.patient_id
order by p.person_id, t.patient_id
