-- grain: one row per person, from the first to the last day something is known of
with known as (
    select person_id, condition_start_date as known_on from condition_occurrence
    union all
    select person_id, drug_exposure_start_date from drug_exposure
    union all
    select person_id, drug_exposure_end_date from drug_exposure
    union all
    select person_id, procedure_date from procedure_occurrence
    union all
    select person_id, measurement_date from measurement
    union all
    select person_id, death_date from death
    union all
    select p.person_id, a.assessed_on_earliest
    from core.response_assessment as a
    join person as p on p.person_source_value = a.patient_id
    union all
    select p.person_id, f.contact_on_earliest
    from core.follow_up as f
    join person as p on p.person_source_value = f.patient_id
    left join reference.contact_type as kind on kind.code = f.contact_type_code
    where f.status_code is not null and kind.is_evidence_of_life is distinct from false
),
span as (
    select person_id, min(known_on) as first_on, max(known_on) as last_on
    from known
    group by person_id
)
select
    p.person_id as observation_period_id,
    p.person_id,
    s.first_on as observation_period_start_date,
    s.last_on as observation_period_end_date,
    32879 as period_type_concept_id,
    case when s.first_on is null then 'no date' end as left_out_because
from person as p
left join span as s using (person_id)
order by p.person_id
