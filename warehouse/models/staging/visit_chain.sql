-- grain: one row per patient, reading and PARAMCD with a visit gap: the last visit before the first gap too long
with
    visit as (
        select patient_id, reading, day, min({domain: domain, variable: variable, record_key: record_key}) as source
        from staging.dated
        where is_visit and day > index_on and day <= cut_off_on
        group by patient_id, reading, day
        union all
        select patient_id, reading, index_on, null
        from staging.subject
        cross join (values ('sent'), ('earliest'), ('latest')) as reading (reading)
    ),

    gap as (
        select
            visit.*,
            rule."PARAMCD" as paramcd,
            day - lag(day) over (partition by patient_id, reading, rule."PARAMCD" order by day) > rule.visit_gap_days
                as is_after_gap
        from visit
        join reference.end_point as rule on rule.visit_gap_days is not null
    ),

    chained as (
        select
            *,
            coalesce(bool_or(is_after_gap) over (
                partition by patient_id, reading, paramcd order by day rows between unbounded preceding and current row
            ), false) as is_behind_gap
        from gap
    )

select
    patient_id,
    reading,
    paramcd,
    max(day) filter (not is_behind_gap) as last_visit_on,
    arg_max(source, day) filter (not is_behind_gap) as source,
    bool_or(is_behind_gap) as has_visit_behind_gap
from chained
group by all
