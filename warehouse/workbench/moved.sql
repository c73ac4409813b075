-- grain: one row per grouping of patients and group, with how many it holds in either warehouse
with
    member as (
        {members}
    ),

    side_by_side as (
        select
            grouping,
            coalesce(was.value, now.value) as value,
            was.patient_id is not null as is_before,
            now.patient_id is not null as is_after
        from (from member where not is_later) as was
        full join (from member where is_later) as now using (grouping, value, patient_id)
    )

select
    grouping,
    value,
    count(*) filter (is_before) as before,
    count(*) filter (is_after) as after,
    count(*) filter (is_after and not is_before) as joined,
    count(*) filter (is_before and not is_after) as gone
from side_by_side
group by all
order by all
