-- grain: one row per setting, line, and course on or after the line's start
-- All patients take the same step at once, one line at a time: from a line's start every later course is judged
-- against the drugs of the line, and the first day on which one of them starts a line is the start of the next. The
-- drugs of a line on a day are those started since its start and those begun before that still went on: had one of
-- them not belonged to it, the line would have ended before that day.
with recursive
    walk as (
        -- the patient's first course starts the first line
        select
            setting.gap_days,
            setting.window_days,
            course.patient_id,
            0 as ordinal,
            null::date as line_started_on,
            null::varchar as line_rule_code,
            null::varchar as line_reason_code,
            course.course,
            course.started_on,
            course.is_before,
            'R2' as rule_code,
            'first_drug' as reason_code,
            true as is_start,
            null::bigint as line_gap,
            null::bigint as gap
        from staging.line_course as course
        join staging.line_setting as setting
            -- the grid is for those who may be in the cohort
            on setting.is_registry
            or course.patient_id in (
                select patient_id from staging.line_record where is_checkpoint_inhibitor and left_out_code is null
            )
        where course.course = 1

        union all

        select
            gap_days,
            window_days,
            patient_id,
            ordinal,
            line_started_on,
            line_rule_code,
            line_reason_code,
            course,
            started_on,
            is_before,
            verdict.rule_code,
            verdict.reason_code,
            started_on > line_started_on and verdict.is_start,
            line_gap,
            case when started_on = line_started_on then line_gap else gap end
        from (
            select
                *,
                case
                    when started_on = line_started_on
                        then {'rule_code': line_rule_code, 'reason_code': line_reason_code, 'is_start': true}
                    when is_crossing and not is_early_relapse
                        then {'rule_code': 'R2', 'reason_code': 'first_drug', 'is_start': true}
                    when is_in_window and is_progressed and not is_known
                        then {'rule_code': 'R3', 'reason_code': 'window_progression', 'is_start': false}
                    when is_in_window and not is_known
                        then {'rule_code': 'R3', 'reason_code': 'window', 'is_start': false}
                    when is_rechallenge and is_open
                        then {'rule_code': 'R7', 'reason_code': 'stop_unknown', 'is_start': true}
                    when is_rechallenge then {'rule_code': 'R7', 'reason_code': 'rechallenge', 'is_start': true}
                    when is_known and not is_class_swap and gap > gap_days
                        then {'rule_code': 'R7', 'reason_code': 'pause', 'is_start': false}
                    when has_same and is_progressed
                        then {'rule_code': 'R8', 'reason_code': 'beyond_progression', 'is_start': false}
                    when has_same then {'rule_code': 'R6', 'reason_code': 'same_drug', 'is_start': false}
                    when has_swap then {'rule_code': 'R5', 'reason_code': 'swap', 'is_start': false}
                    when has_class then {'rule_code': 'R5', 'reason_code': 'class_only', 'is_start': false}
                    when is_class_swap then {'rule_code': 'R5', 'reason_code': 'class_swap', 'is_start': false}
                    when is_progressed and (is_add_on or is_open)
                        then {'rule_code': 'R4', 'reason_code': 'progression', 'is_start': true}
                    when not is_add_on and is_open
                        then {'rule_code': 'R4', 'reason_code': 'stop_unknown', 'is_start': true}
                    when not is_add_on then {'rule_code': 'R4', 'reason_code': 'new_regimen', 'is_start': true}
                    when is_looked_at then {'rule_code': 'R4', 'reason_code': 'add_on', 'is_start': false}
                    else {'rule_code': 'R4', 'reason_code': 'no_response_data', 'is_start': true}
                end as verdict
            from (
                select
                    *,
                    has_same or has_swap or has_class or is_class_swap as is_known,
                    (has_same or has_swap or has_class) and not is_in_window and gap > gap_days
                        and (is_crossing or coalesce(progressed_on >= same_ended_on - lookback_days, false))
                        as is_rechallenge,
                    -- a drug of the line that begins again on this day goes on as well
                    has_ongoing or bool_or(has_same or has_swap or has_class or is_class_swap) over (
                        partition by gap_days, window_days, patient_id, started_on
                    ) as is_add_on
                from (
                    select
                        *,
                        coalesce(progressed_on > line_started_on, false) or is_crossing as is_progressed,
                        coalesce(looked_on > line_started_on, false) as is_looked_at,
                        has_near and not coalesce(progressed_on > line_started_on, false) and not is_crossing
                            as is_class_swap,
                        started_on - coalesce(same_ended_on, last_ended_on) as gap
                    from (
                        select
                            line.gap_days,
                            line.window_days,
                            line.patient_id,
                            line.ordinal,
                            line.line_started_on,
                            line.line_rule_code,
                            line.line_reason_code,
                            line.line_gap,
                            course.course,
                            course.started_on,
                            course.is_before,
                            course.is_early_relapse,
                            course.progressed_on,
                            course.looked_on,
                            line.is_before and not course.is_before as is_crossing,
                            course.started_on <= line.line_started_on + line.window_days as is_in_window,
                            setting.progression_before_stop_days as lookback_days,
                            coalesce(bool_or(pair.kind = 'same'), false) as has_same,
                            coalesce(bool_or(pair.kind = 'swap'), false) as has_swap,
                            coalesce(bool_or(pair.kind = 'class'), false) as has_class,
                            coalesce(bool_or(pair.kind = 'class_swap'), false) as has_near,
                            coalesce(bool_or(pair.has_end and pair.ended_on > course.started_on), false)
                                as has_ongoing,
                            coalesce(bool_or(not pair.has_end), false) as is_open,
                            max(pair.ended_on) filter (pair.kind in ('same', 'swap', 'class')) as same_ended_on,
                            max(pair.ended_on) as last_ended_on
                        from (
                            select
                                gap_days,
                                window_days,
                                patient_id,
                                ordinal + 1 as ordinal,
                                min(started_on) as line_started_on,
                                min_by(is_before, started_on) as is_before,
                                min_by(rule_code, (started_on, rule_code, reason_code)) as line_rule_code,
                                min_by(reason_code, (started_on, rule_code, reason_code)) as line_reason_code,
                                min_by(gap, (started_on, rule_code, reason_code)) as line_gap
                            from walk
                            where is_start
                            group by gap_days, window_days, patient_id, ordinal
                        ) as line
                        join staging.line_setting as setting
                            on setting.gap_days = line.gap_days and setting.window_days = line.window_days
                        join staging.line_course as course
                            on course.patient_id = line.patient_id and course.started_on >= line.line_started_on
                        left join staging.line_pair as pair
                            on pair.patient_id = course.patient_id and pair.course = course.course
                            and pair.last_start_on >= line.line_started_on
                        group by all
                    )
                )
            )
        )
    )

select * exclude (is_start, line_gap), started_on = line_started_on as is_start
from walk
where ordinal > 0
-- a course belongs to the last line that has reached it
qualify ordinal = max(ordinal) over (partition by gap_days, window_days, patient_id, course)
