-- grain: one row per rejected or unread value that could decide an end point
-- domain: index (could move time zero), death, life (could move last known alive), assessment (could be a progression)
with
    rejected as (
        select patient_id, table_name, field, rule, record_key
        from quality.finding
        where action in ('null_cell', 'quarantine_row') and patient_id is not null
    )

select
    patient_id,
    case
        when table_name = 'drug_exposure' and field = 'started_on' then 'index'
        when table_name = 'follow_up' and field in ('death_on', 'status') then 'death'
        when table_name = 'follow_up' then 'life'
        else 'assessment'
    end as domain,
    rule || ': ' || table_name || coalesce('.' || field, '') as reason,
    null::date as happened_on
from rejected
where (table_name = 'drug_exposure' and field = 'started_on')
    or (table_name = 'follow_up' and (field in ('death_on', 'status', 'contact_on') or field is null))
    or (table_name = 'response_assessment' and (field in ('assessed_on', 'overall') or field is null))

union all

select patient_id, 'death', 'partial date: follow_up.death_on', null
from core.follow_up
where death_on is null and death_on_earliest is not null

union all

select patient_id, 'death', 'dead without a date: follow_up.death_on', null
from core.follow_up
group by patient_id
having bool_or(status_code = 'dead') and not bool_or(death_on_source is not null)

union all

select patient_id, 'assessment', 'uncoded: response_assessment.overall', assessed_on
from core.response_assessment
where overall_source is not null and overall_code is null
