-- grain: one row per tumour (disease first occurrence), per line of systemic treatment (treatment regimen) and per
-- person and day of imaging that showed progression (disease progression)
with found as (
    select
        1 as kind, centre, record_key, person_id, condition_occurrence_id, is_index,
        count(*) over (partition by person_id) as tumours,
        32528 as episode_concept_id,
        condition_start_date as episode_start_date,
        condition_source_value as episode_source_value,
        null::varchar as left_out_because
    from condition_occurrence

    union all by name

    select
        2 as kind, l.centre, l.record_key, p.person_id,
        32531 as episode_concept_id,
        l.started_on_earliest as episode_start_date,
        l.stopped_on_latest as episode_end_date,
        case
            when l.line_basis_code = 'derived' then l.line_derived
            when l.line_min = l.line_max then l.line_min
        end as episode_number,
        coalesce(l.setting_code, l.line_stated_source) as episode_source_value,
        case
            when p.person_id is null then 'person left out'
            when l.setting_code = 'none' then 'no systemic treatment'
            when l.started_on_earliest is null then 'no date'
        end as left_out_because
    from core.treatment_line as l
    left join person as p on p.person_source_value = l.patient_id

    union all by name

    select
        3 as kind, a.centre, min(a.record_key) as record_key, p.person_id,
        32677 as episode_concept_id,
        a.assessed_on_earliest as episode_start_date,
        min(a.overall_code) as episode_source_value,
        case
            when p.person_id is null then 'person left out'
            when a.assessed_on_earliest is null then 'no date'
        end as left_out_because
    from core.response_assessment as a
    join reference.response as kind on kind.code = a.overall_code and kind.is_progression
    left join person as p on p.person_source_value = a.patient_id
    group by a.centre, a.patient_id, p.person_id, a.assessed_on_earliest
),
numbered as (
    select *, row_number() over (order by kind, centre, record_key) as episode_id from found
),
parent as (
    select person_id, min(episode_id) as episode_parent_id
    from numbered
    where kind = 1 and (is_index or tumours = 1)
    group by person_id
)
select
    n.episode_id, n.person_id, n.episode_concept_id, n.episode_start_date, n.episode_end_date,
    case when n.kind > 1 then parent.episode_parent_id end as episode_parent_id,
    n.episode_number,
    0 as episode_object_concept_id,
    32879 as episode_type_concept_id,
    n.episode_source_value,
    0 as episode_source_concept_id,
    n.kind, n.centre, n.record_key, n.condition_occurrence_id, n.left_out_because
from numbered as n
left join parent using (person_id)
order by n.episode_id
