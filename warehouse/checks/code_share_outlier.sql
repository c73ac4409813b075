/*
sentence:
  en: A code's share of the field differs by more than 60 points from that at every other centre together.
  zh: 某代码在该字段中的占比与其他中心合计相差超过60个百分点。
severity: warning
action: report_only
channel: report
kahn: plausibility
scope: cross_centre
tables: []
fields: []
advice:
  en: Check how the field is coded; if the case mix is that different, say so.
  zh: 请核对该字段的编码方式；若病例构成确实不同请注明。
source: own; 60 points over 30 cells are beyond chance, so that another coding or other patients are the reason; no alarm in ten clean demonstrations
*/
-- Over at least 30 coded cells here and elsewhere, by whole numbers.
with
    counted as (
        select centre, table_name, field, coalesce(entity_code, code) as code, count(*) as here
        from staging.coded_cell
        where code is not null
        group by all
    ),

    compared as (
        select *,
            (sum(here) over own)::bigint as all_here,
            (sum(here) over everyone - sum(here) over own)::bigint as all_there,
            (sum(here) over (partition by table_name, field, code) - here)::bigint as there
        from counted
        window
            own as (partition by centre, table_name, field),
            everyone as (partition by table_name, field)
    )

select centre, table_name, null as patient_id, null as record_key, field,
    bool_or(abs(here * all_there - there * all_here)::double > 0.6 * all_here * all_there) as is_fault
from compared
where all_here >= 30 and all_there >= 30
group by all
