-- grain: one row per tumour; of several readings the one of the highest standing
select
    row_number() over (order by r.centre, r.record_key) as condition_occurrence_id,
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
        when p.person_id is null then 'person left out'
        when one.record_key is null then 'another reading of the same tumour'
        when r.diagnosed_on_earliest is null then 'no date'
    end as left_out_because
from core.tumour as r
left join one_reading as one on one.centre = r.centre and one.record_key = r.record_key
left join person as p on p.person_source_value = r.patient_id
order by condition_occurrence_id
