-- grain: one row per gap and window
-- The index line of each member of the cohort, derived anew with each setting, against the registry's own.
with
    derived as (
        select
            line.gap_days,
            line.window_days,
            line.is_registry,
            line.ruleset_version,
            zero.patient_id,
            line.line_number,
            line.line_number <= 2 as is_early
        from mart.cohort as cohort
        join mart.time_zero as zero using (patient_id)
        join staging.line_record as record
            on record.patient_id = zero.patient_id and record.record_key = zero.index_record_key
        join staging.line_course as course
            on course.patient_id = record.patient_id and course.drug_code = record.drug_code
            and course.course_number = record.course_number
        join staging.line_walk as walk on walk.patient_id = course.patient_id and walk.course = course.course
        join staging.derived_line as line
            on line.patient_id = walk.patient_id and line.ordinal = walk.ordinal
            and line.gap_days = walk.gap_days and line.window_days = walk.window_days
    )

select
    tried.gap_days,
    tried.window_days,
    tried.is_registry,
    count(*) as n,
    count(*) filter (tried.line_number is distinct from own.line_number) as n_line_changed,
    count(*) filter (tried.is_early is distinct from own.is_early) as n_split_changed,
    any_value(tried.ruleset_version) as ruleset_version
from derived as tried
join derived as own on own.patient_id = tried.patient_id and own.is_registry
group by tried.gap_days, tried.window_days, tried.is_registry
