-- grain: one row per critical query of a refresh: where its patient stands, and whether the refresh still finds it
-- A record that bears witness for a patient of the same person stands where that patient does.
with
    counting as (
        select patient_id, 'cohort' as place from mart.cohort
        union all
        select patient_id, 'doubtful' from mart.doubtful_member
    ),

    concerned as (
        -- 'cohort' is the smaller of the words
        select patient_id, min(place) as place
        from (
            select patient_id, place from counting
            union all
            select witness.evidence_id, counting.place
            from counting
            join witness using (patient_id)
        )
        group by patient_id
    )

select
    query.query_id,
    query.centre,
    query.rule,
    query.state,
    query.value_hash,
    case when query.patient_id is null then 'unnamed' else coalesce(concerned.place, 'outside') end as place,
    query.query_id in (select query_id from quality.finding where query_id is not null) as is_found
from quality.query as query
left join concerned using (patient_id)
where query.is_critical
order by query.query_id
