-- grain: one row per tumour of a disease episode and per anticancer drug of a regimen
select
    episode_id,
    condition_occurrence_id as event_id,
    1147127 as episode_event_field_concept_id,
    null::varchar as left_out_because
from episode
where kind = 1

union all

select
    e.episode_id,
    d.drug_exposure_id as event_id,
    1147094 as episode_event_field_concept_id,
    case when e.episode_id is null then 'drug given in no line' end as left_out_because
from drug_exposure as d
left join drug_of_line as given on given.centre = d.centre and given.record_key = d.record_key
left join episode as e on e.kind = 2 and e.centre = given.line_centre and e.record_key = given.line_key
where d.component_code is distinct from 'supportive'
order by episode_id, episode_event_field_concept_id, event_id
