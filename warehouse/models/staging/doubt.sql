-- grain: one row per rejected or unread value that could decide an end point
-- domain: index (could move time zero), death (a day of death was rejected), undated_death (dead or perhaps dead, the
-- day not known), life (could move last known alive), assessment (could be a progression), therapy (could be new systemic
-- treatment), local (could be local treatment), stop (could move the last dose)
-- earliest and latest bound the day it is about, null is any day; is_partial_date: nothing but the day is in doubt
with
    rejected as (
        -- an emptied cell or a lost row; a start and a stop in the wrong order leave both in doubt
        select patient_id, table_name, field, rule, record_key
        from quality.finding
        where patient_id is not null
            and (action in ('null_cell', 'quarantine_row') or rule in ('stop_before_start', 'procedure_stop_before_start'))
    )

select
    rejected.patient_id,
    case
        when table_name = 'drug_exposure' and field = 'stopped_on' then 'stop'
        when table_name = 'drug_exposure' then 'index'
        when table_name = 'procedure' then 'local'
        when table_name = 'follow_up' and field in ('death_on', 'status') then 'death'
        when table_name = 'follow_up' then 'life'
        else 'assessment'
    end as domain,
    rule || ': ' || table_name || coalesce('.' || field, '') as reason,
    case
        when procedure.started_on_earliest is not null
            then least(procedure.started_on_earliest, procedure.stopped_on_earliest)
    end as earliest,
    greatest(procedure.started_on_latest, procedure.stopped_on_latest) as latest,
    false as is_partial_date
from rejected
left join core.procedure as procedure
    on table_name = 'procedure' and procedure.patient_id = rejected.patient_id
    and procedure.record_key = rejected.record_key
left join core.drug_exposure as exposure
    on table_name = 'drug_exposure' and exposure.patient_id = rejected.patient_id
    and exposure.record_key = rejected.record_key
where (table_name = 'drug_exposure' and (field = 'started_on' or field is null))
    or (table_name = 'drug_exposure' and field = 'stopped_on' and coalesce(exposure.is_checkpoint_inhibitor, true))
    or (table_name = 'procedure'
        and (field in ('started_on', 'type') or field is null or rule = 'procedure_stop_before_start'))
    or (table_name = 'follow_up' and (field in ('death_on', 'status', 'contact_on') or field is null))
    or (table_name = 'response_assessment' and (field in ('assessed_on', 'overall') or field is null))

union all

-- a dose in metastatic disease whose day or agent is not known may be the first of a checkpoint inhibitor
select patient_id, 'index',
    case
        when is_checkpoint_inhibitor then 'partial date: drug_exposure.started_on'
        else 'uncoded: drug_exposure.agent'
    end,
    started_on_earliest, started_on_latest, false
from core.drug_exposure
join mart.time_zero as zero using (patient_id)
where is_administered is distinct from false
    and coalesce(started_on_latest >= zero.metastatic_on - getvariable('metastatic_tolerance_days')::int, true)
    and ((is_checkpoint_inhibitor and started_on is null and started_on_earliest is not null)
        or (is_checkpoint_inhibitor is null and agent_source is not null))

union all

select patient_id, 'undated_death', 'partial date: follow_up.death_on', death_on_earliest, death_on_latest, true
from core.follow_up
where death_on is null and death_on_earliest is not null

union all

select patient_id, 'undated_death', 'dead without a date: follow_up.death_on', null, null, false
from core.follow_up
group by patient_id
having bool_or(status_code = 'dead') and not bool_or(death_on_source is not null)

union all

-- an unread status may say dead, unless the person was alive later
select patient_id, 'undated_death', 'uncoded: follow_up.status', null, null, false
from core.follow_up as unread
where status_source is not null and status_code is null
    and not exists (
        select 1
        from core.follow_up as later
        where later.patient_id = unread.patient_id
            and later.status_code = 'alive' and later.contact_on_earliest >= unread.contact_on_latest
    )

union all

select patient_id, 'life', 'uncoded: follow_up.contact_type', contact_on_earliest, contact_on_latest, false
from core.follow_up
where contact_type_source is not null and contact_type_code is null

union all

select patient_id, 'assessment', 'uncoded: response_assessment.overall', assessed_on_earliest, assessed_on_latest,
    false
from core.response_assessment
where overall_source is not null and overall_code is null

union all

select assessed.patient_id, 'assessment', 'partial date: response_assessment.assessed_on',
    assessed.assessed_on_earliest, assessed.assessed_on_latest, true
from core.response_assessment as assessed
join reference.response as response on response.code = assessed.overall_code
where response.is_progression and assessed.assessed_on is null and assessed.assessed_on_earliest is not null

union all

select patient_id, 'therapy', 'uncoded: drug_exposure.agent', started_on_earliest, started_on_latest, false
from core.drug_exposure
where is_administered is distinct from false and agent_source is not null and class_code is null

union all

select patient_id, 'local', 'uncoded: procedure.type', started_on_earliest, started_on_latest, false
from core.procedure
where type_source is not null and type_code is null

union all

select
    patient_id, if(domain = 'procedure', 'local', 'therapy'), 'partial date: ' || domain || '.' || variable,
    first_day, last_day, true
from staging.new_therapy
where reading = 'latest' and known_to <> 'day'

union all

select patient_id, 'stop', 'partial date: drug_exposure.stopped_on', null, null, true
from staging.index_treatment
group by patient_id
having bool_or(reading = 'latest' and stopped_on is not null) and bool_or(reading = 'sent' and stopped_on is null)
