-- one row per query that is known or seen: what this refresh sees of it (ledger_states.py says what follows)
with
    -- findings of rows without a readable key share a query: its values are those of all of them
    seen as (
        select
            query_id,
            any_value(centre) as centre,
            any_value(patient_id) as patient_id,
            any_value(rule) as rule,
            any_value(table_name) as table_name,
            any_value(record_key) as record_key,
            any_value(field) as field,
            case
                when count(*) = 1 then any_value(value_hash)
                else left(sha256(string_agg(value_hash, ',' order by value_hash)), 16)
            end as value_hash
        from quality.finding
        where query_id is not null
        group by query_id
    ),

    asking as (
        select rule from reference.rule where channel = 'query'
    ),

    record as (
        select distinct centre, table_name, record_key from staging.record
    )

select
    coalesce(seen.query_id, known.query_id) as query_id,
    coalesce(known.state, 'unknown') as state,
    seen.value_hash,
    coalesce(seen.centre, known.centre) as centre,
    coalesce(seen.patient_id, known.patient_id) as patient_id,
    coalesce(seen.rule, known.rule) as rule,
    coalesce(seen.table_name, known.table_name) as table_name,
    coalesce(seen.record_key, known.record_key) as record_key,
    coalesce(seen.field, known.field) as field,
    case
        when known.query_id is null then 'fails'
        when centre.centre is null then 'gone'
        when centre.state <> 'fresh' then 'unseen'
        when seen.query_id is null and asking.rule is null then 'gone'
        when seen.query_id is null and known.record_key is not null and record.record_key is null then 'gone'
        when seen.query_id is null then 'holds'
        when seen.value_hash is distinct from known.value_hash then 'changed'
        when known.state = 'answered' and known.answer_code = 'corrected'
            and known.answered_export <> centre.export_hash then 'uncorrected'
        else 'fails'
    end as sight
from seen
full join _known as known on known.query_id = seen.query_id
left join meta.centre as centre on centre.centre = coalesce(seen.centre, known.centre)
left join asking on asking.rule = known.rule
left join record
    on record.centre = known.centre and record.table_name = known.table_name and record.record_key = known.record_key
order by query_id
