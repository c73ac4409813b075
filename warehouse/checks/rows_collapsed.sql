/*
sentence:
  en: The delivery has fewer than four fifths of the table's records in the last one.
  zh: 该表的记录数不到上次提交的五分之四。
severity: error
action: report_only
channel: report
kahn: completeness
scope: last_delivery
tables: []
fields: []
advice:
  en: Check that the whole period and every patient were exported.
  zh: 请确认已导出全部时段和全部患者。
source: own
*/
with
    before as (select distinct centre, table_name, judged from staging.before_completeness),
    now as (select distinct centre, table_name, judged from quality.completeness)

select before.centre, before.table_name, null as patient_id, null as record_key, null as field,
    coalesce(now.judged, 0) * 5 < before.judged * 4 as is_fault
from before
left join now using (centre, table_name)
where before.judged >= 5
