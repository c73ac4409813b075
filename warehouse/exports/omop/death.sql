-- grain: one row per person reported dead, with the earliest of the days told; of a month or year its last day, as the
-- CDM asks, unless the centre's cut-off came first
with told as (
    select
        f.patient_id,
        min(case f.death_on_precision
            when 'day' then f.death_on_latest else greatest(f.death_on_earliest, least(f.death_on_latest, c.cut_off_on))
        end) filter (f.death_on_precision in ('day', 'month', 'year')) as death_date,
        min(f.death_cause_code) as cause_source_value
    from core.follow_up as f
    left join meta.centre as c using (centre)
    where f.status_code = 'dead'
    group by f.patient_id
)
select
    p.person_id,
    t.death_date,
    32879 as death_type_concept_id,
    t.cause_source_value,
    case
        when p.person_id is null then 'person left out'
        when t.death_date is null then 'year of death unknown'
    end as left_out_because
from told as t
left join person as p on p.person_source_value = t.patient_id
order by p.person_id, t.patient_id
