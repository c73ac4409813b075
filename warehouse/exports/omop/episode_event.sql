-- grain: one row per tumour of a disease episode and per anticancer drug of a regimen: the last line begun by its
-- first day and not ended before it
with given as (
    select d.drug_exposure_id, d.drug_exposure_start_date, l.episode_id, l.episode_end_date
    from drug_exposure as d
    asof left join (from episode where kind = 2) as l
        on d.person_id = l.person_id and d.drug_exposure_start_date >= l.episode_start_date
    where coalesce(d.component_code, '') <> 'supportive'
)
select
    episode_id,
    condition_occurrence_id as event_id,
    1147127 as episode_event_field_concept_id,
    null::varchar as left_out_because
from episode
where kind = 1

union all

select
    episode_id,
    drug_exposure_id as event_id,
    1147094 as episode_event_field_concept_id,
    case when episode_id is null or episode_end_date < drug_exposure_start_date then 'drug given in no line' end
        as left_out_because
from given
order by episode_id, episode_event_field_concept_id, event_id
