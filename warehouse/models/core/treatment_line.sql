-- grain: one row per line of systemic treatment
-- A stated line is a range of ordinal numbers; the setting as sent wins over the one the words imply. The derived line
-- is the one in force when the stated line starts. The number in use is derived where the drug records are complete
-- from the metastatic date to the line's start (docs/lines.md), else stated.
with
    stated as (
        select
            line.* replace (coalesce(line.setting_code, meant.setting_code) as setting_code),
            meant.line_min,
            meant.line_max,
            meant.code as stated_code,
            coalesce(
                lead(line.started_on_earliest) over patient - 1,
                date '9999-12-31'
            ) as until_on,
            coalesce(lag(line.started_on_earliest) over patient, date '0001-01-01') as before_on
        from staging.treatment_line as line
        left join reference.term_map as term
            on term.list = 'line' and term.centre = line.centre and term.text = line.line_stated_source
        left join reference.line as meant on meant.code = term.code
        window patient as (partition by line.patient_id order by line.started_on_earliest, line.record_key)
    ),

    -- The drugs of each stated line: started in its days, of which check drug_outside_lines allows 14 before and after,
    -- or going on in it; what the line before began with is none of them. Its derived line is that of the drugs started
    -- with it, else of the first started later, else of those that go on.
    given as (
        select
            stated.patient_id,
            stated.record_key,
            coalesce(
                max(walk.ordinal) filter (
                    course.started_on between stated.started_on_earliest - 14 and stated.started_on_earliest + 14
                ),
                min(walk.ordinal) filter (course.started_on > stated.started_on_earliest + 14),
                max(walk.ordinal)
            ) as ordinal
        from stated
        join staging.line_course as course
            on course.patient_id = stated.patient_id
            and course.started_on <= least(stated.until_on, coalesce(stated.stopped_on_latest, stated.until_on) + 14)
            and (course.ended_on > stated.started_on_earliest + 14
                or course.started_on >= stated.started_on_earliest - 14 and course.started_on > stated.before_on)
        join staging.line_walk as walk on walk.patient_id = course.patient_id and walk.course = course.course
        join staging.line_setting as setting
            on setting.is_registry and setting.gap_days = walk.gap_days and setting.window_days = walk.window_days
        group by stated.patient_id, stated.record_key
    ),

    counted as (
        select
            stated.*,
            given.ordinal,
            given.record_key is not null as has_drug,
            coalesce(stated.setting_code, 'palliative') not in ('adjuvant', 'neoadjuvant', 'perioperative', 'none')
                as is_palliative
        from stated
        left join given using (patient_id, record_key)
    ),

    told as (
        select
            *,
            -- palliative lines told up to this one, and whether drug records support each
            count(*) filter (is_palliative) over so_far as lines_told,
            bool_and(has_drug or not is_palliative) over so_far as is_supported
        from counted
        window so_far as (partition by patient_id order by started_on_earliest)
    )

select
    told.*,
    line.line_number as line_derived,
    line.ruleset_version,
    case
        when line.line_number is not null
            and is_palliative
            and disease.is_metastatic_on_known
            and is_supported
            and lines_told >= line_max
            and told.started_on is not null
            and coalesce(question.from_on > told.started_on + 14, true) then 'derived'
        when stated_code is not null then 'stated'
    end as line_basis_code
from told
left join staging.disease as disease using (patient_id)
left join staging.derived_line as line
    on line.is_registry and line.patient_id = told.patient_id and line.ordinal = told.ordinal
left join staging.line_question as question on question.patient_id = told.patient_id
