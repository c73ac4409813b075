-- grain: one row per course of a drug
-- With the latest progression and the latest look at the disease on or before its first day.
with
    course as (
        select
            patient_id,
            any_value(centre) as centre,
            drug_code,
            course_number,
            min_by(record_key, (started_on, record_key)) as record_key,
            any_value(coalesce(swap.kin_code, drug_code)) as kin_code,
            any_value(is_class) as is_class,
            any_value(class_code) as class_code,
            any_value(component_code) as component_code,
            min(started_on) as started_on,
            max(given_until) as ended_on,
            coalesce(max(given_until) filter (has_end) >= max(given_until), false) as has_end,
            min_by(is_partial, (started_on, record_key)) as is_partial,
            any_value(metastatic_on) as metastatic_on,
            min(started_on) < any_value(metastatic_on) - any_value(tolerance_days) as is_before
        from staging.line_record
        left join staging.line_swap as swap on swap.agent_code = drug_code
        cross join (select tolerance_days from staging.line_setting where is_registry) as setting
        where left_out_code is null
        group by patient_id, drug_code, course_number
    ),

    progression as (
        select patient_id, progressed_on, min_by(table_name, (table_name, record_key)) as table_name,
            min_by(record_key, (table_name, record_key)) as record_key
        from staging.progression
        group by patient_id, progressed_on
    ),

    look as (
        select distinct patient_id, assessed_on_latest as looked_on
        from core.response_assessment
        where overall_code <> 'NE' and assessed_on_latest is not null
        union
        select patient_id, progressed_on from progression
    ),

    relapse as (
        -- R9: the disease came back within relapse_months of the end of what was given before
        select course.patient_id,
            max(ended_on) + to_months(any_value(setting.relapse_months)::int) >= any_value(metastatic_on) as is_early
        from course
        cross join (select relapse_months from staging.line_setting where is_registry) as setting
        where is_before
        group by course.patient_id
    )

select
    course.*,
    row_number() over (partition by course.patient_id order by course.started_on, course.drug_code) as course,
    coalesce(relapse.is_early, false) as is_early_relapse,
    progression.progressed_on,
    progression.table_name as progression_table,
    progression.record_key as progression_record_key,
    look.looked_on
from course
left join relapse using (patient_id)
asof left join progression
    on progression.patient_id = course.patient_id and progression.progressed_on <= course.started_on
asof left join look on look.patient_id = course.patient_id and look.looked_on <= course.started_on
