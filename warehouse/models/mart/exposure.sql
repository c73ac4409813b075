-- grain: one row per patient of the cohort, drug record and agent
-- A drug ordered but never given is left out. Given at time zero: on day 0 and not stopped, or started in the window
-- of the combination.
with
    exposure as (
        select
            cohort.patient_id,
            cohort.centre,
            cohort.index_on,
            drug.* exclude (patient_id, centre),
            drug.started_on_latest - cohort.index_on as latest_start_day
        from mart.cohort as cohort
        join staging.evidence as known using (patient_id)
        join core.drug_exposure as drug on drug.patient_id = known.evidence_id
        where drug.is_administered is distinct from false
    )

select
    *,
    started_on - index_on as start_day,
    stopped_on - index_on as stop_day,
    case when latest_start_day <= 0 then coalesce(stopped_on_latest >= index_on, true)
        else latest_start_day <= getvariable('combination_window_days')::int
    end as is_at_time_zero
from exposure
