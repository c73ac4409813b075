/*
sentence:
  en: The delivery has more than twice the table's records in the last one.
  zh: 该表的记录数超过上次提交的两倍。
severity: warning
action: report_only
channel: report
kahn: plausibility
scope: last_delivery
tables: []
fields: []
advice:
  en: Check for rows exported twice or patients of another registry.
  zh: 请核对是否重复导出或混入其他登记的患者。
source: own
*/
with
    before as (select distinct centre, table_name, judged from staging.before_completeness),
    now as (select distinct centre, table_name, judged from quality.completeness)

select now.centre, now.table_name, null as patient_id, null as record_key, null as field,
    now.judged > 2 * before.judged as is_fault
from now
join before using (centre, table_name)
where now.judged >= 20
