-- grain: one row per patient whose drug records leave the count of lines open, with the day from which they do
select patient_id, min(coalesce(started_on, date '0001-01-01')) as from_on
from (
    select patient_id, started_on
    from staging.line_record
    where left_out_code in ('uncoded', 'no_start_date') or (left_out_code is null and is_partial)

    union all

    select walk.patient_id, walk.started_on
    from staging.line_walk as walk
    join staging.line_setting as setting using (gap_days, window_days)
    where setting.is_registry and walk.reason_code in ('class_only', 'stop_unknown', 'no_response_data')

    union all

    -- a rejected cell or row may have been any drug on any day
    select patient_id, null
    from quality.finding
    where table_name = 'drug_exposure' and action in ('null_cell', 'quarantine_row')
        and (field in ('started_on', 'agent') or field is null)
)
where patient_id is not null
group by patient_id
