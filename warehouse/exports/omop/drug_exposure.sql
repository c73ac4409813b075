-- grain: one row per drug record and agent that was given
select
    row_number() over (order by d.centre, d.record_key) as drug_exposure_id,
    p.person_id,
    0 as drug_concept_id,
    d.started_on_earliest as drug_exposure_start_date,
    coalesce(d.stopped_on_latest, case when d.is_ongoing then c.cut_off_on end, d.started_on_earliest)
        as drug_exposure_end_date,
    case when d.stopped_on_precision = 'day' then d.stopped_on end as verbatim_end_date,
    32879 as drug_type_concept_id,
    d.stop_reason_code as stop_reason,
    d.dose as quantity,
    coalesce(d.agent_code, d.class_code, d.agent_source) as drug_source_value,
    0 as drug_source_concept_id,
    d.dose_unit as dose_unit_source_value,
    d.centre, d.record_key, d.component_code,
    case
        when p.person_id is null then 'person left out'
        when not d.is_administered then 'never given'
        when d.started_on_earliest is null then 'no date'
    end as left_out_because
from core.drug_exposure as d
left join meta.centre as c using (centre)
left join person as p on p.person_source_value = d.patient_id
order by drug_exposure_id
