-- grain: one row per drug record
-- What the rules made of each record, and what stood when they did.
-- The record that begins a course was judged; the others of the course follow it.
with
    record as (
        select record.*, course.course, course.record_key = record.record_key as is_judged,
            course.progressed_on, course.progression_table, course.progression_record_key, course.looked_on
        from staging.line_record as record
        left join staging.line_course as course
            on course.patient_id = record.patient_id and course.drug_code = record.drug_code
            and course.course_number = record.course_number
    ),

    line as (
        select *
        from staging.derived_line
        where is_registry
    )

select
    record.centre,
    record.patient_id,
    record.record_key,
    record.drug_code,
    record.started_on,
    line.ordinal,
    line.line_number,
    line.curative_number,
    line.started_on as line_started_on,
    case
        when record.left_out_code is not null then 'left_out'
        when not is_judged then 'stays'
        when walk.is_start then 'starts'
        when walk.rule_code = 'R3' then 'joins'
        else 'stays'
    end as decision_code,
    case
        when not is_judged then 'R6'
        when walk.is_start and line.is_before and line.line_number is not null then 'R9'
        when walk.is_start and line.is_before then 'R1'
        else walk.rule_code
    end as rule_code,
    case
        when record.left_out_code is not null then record.left_out_code
        when not is_judged then 'same_course'
        when walk.is_start and line.is_before and line.line_number is not null then 'early_relapse'
        when walk.is_start and line.is_before and walk.reason_code = 'first_drug' then 'before_metastases'
        else walk.reason_code
    end as reason_code,
    coalesce(is_judged and walk.reason_code in (
        'window_progression', 'pause', 'class_only', 'class_swap', 'add_on', 'stop_unknown', 'no_response_data'
    ), false) as is_flagged,
    before.line_number as previous_line_number,
    before.started_on as previous_line_started_on,
    before.drugs as previous_regimen,
    case when is_judged then walk.gap end as gap_days,
    case when is_judged then record.progressed_on end as progressed_on,
    case when is_judged then record.progression_table end as progression_table,
    case when is_judged then record.progression_record_key end as progression_record_key,
    case when is_judged then record.looked_on end as looked_on,
    record.metastatic_on,
    setting.ruleset_version
from record
cross join (select ruleset_version, gap_days, window_days from staging.line_setting where is_registry) as setting
left join staging.line_walk as walk
    on walk.patient_id = record.patient_id and walk.course = record.course
    and walk.gap_days = setting.gap_days and walk.window_days = setting.window_days
left join line on line.patient_id = walk.patient_id and line.ordinal = walk.ordinal
left join line as before on before.patient_id = walk.patient_id and before.ordinal = walk.ordinal - 1
