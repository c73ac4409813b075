-- grain: one row per critical query of a refresh: where its patient stands, and whether the refresh still finds it
select
    query.query_id,
    query.centre,
    query.rule,
    query.state,
    query.value_hash,
    case
        when query.patient_id is null then 'unnamed'
        when cohort.patient_id is not null then 'cohort'
        when doubtful.patient_id is not null then 'doubtful'
        else 'outside'
    end as place,
    query.query_id in (select query_id from quality.finding where query_id is not null) as is_found
from quality.query as query
left join mart.cohort as cohort using (patient_id)
left join mart.doubtful_member as doubtful on doubtful.patient_id = query.patient_id
where query.is_critical
order by query.query_id
