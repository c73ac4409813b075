/*
sentence:
  en: A column that was filled in the last delivery holds nothing in this one.
  zh: 上次提交中有值的整列在本次提交中全部为空。
severity: error
action: report_only
channel: report
kahn: completeness
scope: last_delivery
tables: []
fields: []
advice:
  en: Check the export; a column may be renamed, moved or not released.
  zh: 请核对导出：该列可能改名、移位或未放行。
source: own
*/
select b.centre, b.table_name, null as patient_id, null as record_key, b.field, n.present = 0 as is_fault
from staging.before_completeness as b
join quality.completeness as n using (centre, table_name, field)
where b.present >= 3 and n.judged >= 3
