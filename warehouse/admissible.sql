-- The interval a queried date can lie in: query_id, first_day, last_day, and days, the few that are tried. Reads asked
-- (one row per query) and dated (every dated cell with its place in the course of a disease: 0 birth, 1 diagnosis,
-- 2 metastases, 3 treatment and visits, 4 death). A date known in part lies within its own bounds, any other between
-- its neighbours; where these contradict each other, between them either way round.
with
    own as (
        select asked.*, dated.place, dated.first_day as own_first, dated.last_day as own_last
        from asked
        join dated
            on dated.patient_id = asked.patient_id and dated.table_name = asked.table_name
            and dated.record_key = asked.record_key and dated.field = asked.date_field
    ),

    bound as (
        select
            own.query_id,
            max(other.first_day) filter (other.place = 0) as born,
            min(other.first_day) filter (other.place = 1) as diagnosed,
            min(other.first_day) filter (other.place = 2) as metastatic,
            min(other.first_day) filter (other.place = 4) as death,
            max(other.last_day) filter (other.place = 3 and other.is_life and other.last_day <= own.cut_off_on) as alive,
            -- the same kind of date in the records before and after
            max(other.last_day) filter (other.is_kin and other.last_day < own.own_first) as previous,
            min(other.first_day) filter (other.is_kin and other.first_day > own.own_last) as next,
            -- first and last day of the same record
            max(other.first_day) filter (other.is_same_record and other.field = 'started_on') as own_start,
            min(other.last_day) filter (other.is_same_record and other.field = 'stopped_on') as own_stop
        from own
        left join lateral (
            select
                dated.*,
                dated.table_name = own.table_name and dated.record_key = own.record_key as is_same_record,
                dated.table_name = own.table_name and dated.field = own.date_field
                    and dated.record_key <> own.record_key as is_kin
            from dated
            where dated.patient_id = own.patient_id and dated.first_day is not null
                and not (dated.table_name = own.table_name and dated.record_key = own.record_key
                    and (dated.field = own.date_field or own.place = 4))
        ) as other on true
        group by own.query_id
    ),

    between_neighbours as (
        select
            own.query_id,
            case own.place
                when 0 then (select min(first_day) from dated where place = 0)
                when 1 then coalesce(born, own.index_on - 3653)
                when 2 then coalesce(diagnosed, born, own.index_on - 3653)
                when 3 then greatest(
                    coalesce(diagnosed, metastatic, born, own.index_on),
                    previous,
                    case when own.date_field = 'stopped_on' then own_start end
                )
                else coalesce(alive, own.index_on)
            end as one_end,
            case own.place
                when 0 then coalesce(least(diagnosed, metastatic), own.index_on)
                when 1 then coalesce(metastatic, own.index_on)
                when 2 then own.index_on
                when 3 then least(
                    death, own.cut_off_on, next, case when own.date_field = 'started_on' then own_stop end
                )
                else own.cut_off_on
            end as other_end
        from own
        join bound using (query_id)
    )

select
    own.query_id,
    case when own_first < own_last then own_first else least(one_end, other_end) end as first_day,
    case when own_first < own_last then own_last else greatest(one_end, other_end) end as last_day,
    list_distinct([first_day, first_day + ((last_day - first_day) // 2)::int, last_day]) as days
from own
join between_neighbours using (query_id)
where first_day is not null and last_day is not null
order by query_id
