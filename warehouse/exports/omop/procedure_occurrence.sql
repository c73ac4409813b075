-- grain: one row per local treatment
select
    row_number() over (order by r.centre, r.record_key) as procedure_occurrence_id,
    p.person_id,
    0 as procedure_concept_id,
    r.started_on_earliest as procedure_date,
    r.stopped_on_latest as procedure_end_date,
    32879 as procedure_type_concept_id,
    r.fractions as quantity,
    coalesce(concat_ws(' ', coalesce(r.type_code, r.type_source), r.site_code), 'unknown') as procedure_source_value,
    0 as procedure_source_concept_id,
    r.intent_code as modifier_source_value,
    case
        when p.person_id is null then 'person left out'
        when r.started_on_earliest is null then 'no date'
    end as left_out_because
from core.procedure as r
left join person as p on p.person_source_value = r.patient_id
order by procedure_occurrence_id
