/*
sentence:
  en: A code's share of the field has moved by more than 30 points since the last delivery.
  zh: 某代码在该字段中的占比较上次提交变动超过30个百分点。
severity: warning
action: report_only
channel: report
kahn: plausibility
scope: last_delivery
tables: []
fields: []
advice:
  en: Check whether the code's meaning or the export's mapping has changed.
  zh: 请核对代码含义或导出映射是否改变。
source: own
*/
-- Shares over the coded cells of at least 20 records in both deliveries, by whole numbers.
with
    cell as (
        select 'now' as side, centre, table_name, field, coalesce(entity_code, code) as code
        from staging.coded_cell
        union all
        select 'before', centre, table_name, field, coalesce(entity_code, code)
        from staging.before_coded_cell
    ),

    counted as (
        select centre, table_name, field, code, count(*) filter (side = 'now') as now, count(*) filter (side = 'before') as before
        from cell
        where code is not null
        group by all
    ),

    total as (
        select *, sum(now) over field_of as all_now, sum(before) over field_of as all_before
        from counted
        window field_of as (partition by centre, table_name, field)
    )

select centre, table_name, null as patient_id, null as record_key, field,
    bool_or(abs(now * all_before - before * all_now) * 10 > 3 * all_now * all_before) as is_fault
from total
where all_now >= 20 and all_before >= 20
group by all
