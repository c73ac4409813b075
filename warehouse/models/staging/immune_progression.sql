-- grain: one row per patient and reading with a confirmed progression by iRECIST: its first day
-- The first iUPD that a later iCPD confirms within the window, nothing better lying between; an iCPD that confirms no
-- recorded iUPD in the window stands for itself. Where the reader wrote PD, PD confirms PD.
with
    signal as (
        select * from staging.assessed where overall_code in ('iUPD', 'PD')
    ),

    confirmed as (
        select signal.patient_id, signal.reading, signal.day, signal.record_key
        from signal
        cross join staging.end_point_setting as setting
        join staging.assessed as later
            on later.patient_id = signal.patient_id and later.reading = signal.reading
            and later.day - signal.day
                between setting.confirm_progression_min_days and setting.confirm_progression_max_days
            and (later.overall_code = 'iCPD' or (signal.overall_code = 'PD' and later.overall_code = 'PD'))
        where not exists (
            select 1
            from staging.assessed as between_them
            join reference.response as response
                on response.code = between_them.overall_code and response.is_disease_control
            where between_them.patient_id = signal.patient_id and between_them.reading = signal.reading
                and between_them.day > signal.day and between_them.day < later.day
        )
        union all
        select patient_id, reading, day, record_key from staging.assessed where overall_code = 'iCPD'
    )

select *
from confirmed
qualify row_number() over (partition by patient_id, reading order by day, record_key) = 1
