/*
sentence:
  en: The field is filled less often than at the other centres, by more than 50 points.
  zh: 该字段的填写率较其他中心合计低50个百分点以上。
severity: warning
action: report_only
channel: report
kahn: completeness
scope: cross_centre
tables: []
fields: []
advice:
  en: Send the field, or say that the centre does not keep it.
  zh: 请提交该字段，或说明本中心不记录。
source: own; chance alone does it in less than 1 of 500 fields at a centre of the least size (binomial); no alarm in ten clean demonstrations
*/
-- Fields that are mandatory or recommended, and that the centre delivers at all.
with
    elsewhere as (
        select *, (sum(present) over field_of - present)::bigint as present_there, (sum(judged) over field_of - judged)::bigint as judged_there
        from quality.completeness
        where importance in ('mandatory', 'recommended') and (centre, table_name, field) in (
            select (centre, table_name, field) from meta.column_mapping
        )
        window field_of as (partition by table_name, field)
    )

select centre, table_name, null as patient_id, null as record_key, field,
    (present_there * judged - present * judged_there) * 2 > judged * judged_there as is_fault
from elsewhere
where judged >= 10 and judged_there >= 10
