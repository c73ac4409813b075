-- grain: one row per performance status (ECOG) of a line, and per size of a tumour at diagnosis
with found as (
    select
        1 as kind, centre, record_key, patient_id,
        36305384 as measurement_concept_id,
        coalesce(ecog_on_earliest, started_on_earliest) as measurement_date,
        ecog::double as value_as_number,
        'ECOG' as measurement_source_value,
        ecog_source as value_source_value
    from core.treatment_line
    where ecog is not null

    union all by name

    select
        2 as kind, centre, record_key, patient_id,
        4139794 as measurement_concept_id,
        diagnosed_on_earliest as measurement_date,
        size_mm as value_as_number,
        8588 as unit_concept_id,
        'tumour size' as measurement_source_value,
        'mm' as unit_source_value
    from core.tumour
    where size_mm is not null
)
select
    row_number() over (order by f.kind, f.centre, f.record_key) as measurement_id,
    p.person_id,
    f.measurement_concept_id,
    f.measurement_date,
    32879 as measurement_type_concept_id,
    f.value_as_number, f.unit_concept_id, f.measurement_source_value,
    0 as measurement_source_concept_id,
    f.unit_source_value, f.value_source_value,
    c.condition_occurrence_id as measurement_event_id,
    case when c.condition_occurrence_id is not null then 1147127 end as meas_event_field_concept_id,
    case
        when p.person_id is null then 'person left out'
        when f.kind = 2 and c.condition_occurrence_id is null then 'tumour left out'
        when f.measurement_date is null then 'no date'
    end as left_out_because
from found as f
left join person as p on p.person_source_value = f.patient_id
left join condition_occurrence as c on f.kind = 2 and c.centre = f.centre and c.record_key = f.record_key
order by measurement_id
