-- grain: one row per tumour; of several readings the one of the highest standing
with reading as (
    select
        *,
        row_number() over (order by centre, record_key) as id,
        row_number() over (
            partition by patient_id, coalesce(tumour_sequence::varchar, record_key)
            order by list_position(['central', 'expert', 'local'], review_code) nulls last, record_key
        ) as standing
    from core.tumour
)
select
    r.id as condition_occurrence_id,
    p.person_id,
    0 as condition_concept_id,
    r.diagnosed_on_earliest as condition_start_date,
    32879 as condition_type_concept_id,
    coalesce(r.morphology_code || '-' || r.topography_code, r.morphology_code, r.entity_code, r.histology_source)
        as condition_source_value,
    0 as condition_source_concept_id,
    r.diagnosis_basis_code as condition_status_source_value,
    r.centre, r.record_key, r.is_index,
    case
        when r.patient_id not in (from may_leave) then 'consent withdrawn'
        when p.person_id is null then 'person left out'
        when r.standing > 1 then 'another reading of the same tumour'
        when r.diagnosed_on_earliest is null then 'no date'
    end as left_out_because
from reading as r
left join person as p on p.person_source_value = r.patient_id
order by condition_occurrence_id
