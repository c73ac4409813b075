-- grain: one row per setting and derived line
-- R9: lines before metastatic disease are counted apart; the last of them is palliative line 1 after an early relapse.
with
    line as (
        select
            walk.gap_days,
            walk.window_days,
            walk.patient_id,
            walk.ordinal,
            walk.line_started_on as started_on,
            any_value(walk.line_rule_code) as rule_code,
            any_value(walk.line_reason_code) as reason_code,
            any_value(course.centre) as centre,
            any_value(course.is_early_relapse) as is_early_relapse,
            bool_or(course.is_before and walk.is_start) as is_before,
            max(course.ended_on) as ended_on,
            bool_and(course.has_end) as has_end
        from staging.line_walk as walk
        join staging.line_course as course using (patient_id, course)
        group by walk.gap_days, walk.window_days, walk.patient_id, walk.ordinal, walk.line_started_on
    ),

    regimen as (
        select line.gap_days, line.window_days, line.patient_id, line.ordinal,
            list_sort(list(distinct course.drug_code)) as drugs
        from line
        join staging.line_course as course
            on course.patient_id = line.patient_id
            and (course.started_on between line.started_on and line.started_on + line.window_days
                or (course.started_on < line.started_on and course.ended_on > line.started_on))
        group by line.gap_days, line.window_days, line.patient_id, line.ordinal
    ),

    counted as (
        select
            *,
            not is_before or (is_early_relapse and ordinal = max(ordinal) filter (is_before) over patient)
                as is_counted
        from line
        window patient as (partition by gap_days, window_days, patient_id)
    )

select
    counted.* exclude (is_early_relapse, is_counted, has_end),
    regimen.drugs,
    setting.is_registry,
    setting.ruleset_version,
    case when is_counted then count(*) filter (is_counted) over so_far end as line_number,
    case when is_before then count(*) filter (is_before) over so_far end as curative_number
from counted
join regimen using (gap_days, window_days, patient_id, ordinal)
join staging.line_setting as setting using (gap_days, window_days)
window so_far as (partition by counted.gap_days, counted.window_days, counted.patient_id order by ordinal)
