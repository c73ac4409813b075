-- grain: one row per patient of the cohort and adverse event
select
    cohort.patient_id,
    cohort.centre,
    event.centre as reported_at,
    event.* exclude (patient_id, centre),
    event.started_on - cohort.index_on as start_day,
    event.stopped_on - cohort.index_on as stop_day,
    -- a month that lies on both sides of time zero does not say
    case
        when event.started_on_earliest >= cohort.index_on then true
        when event.started_on_latest < cohort.index_on then false
    end as is_after_time_zero
from mart.cohort as cohort
join staging.evidence as known using (patient_id)
join core.adverse_event as event on event.patient_id = known.evidence_id
