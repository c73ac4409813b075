/*
sentence:
  en: The same local treatment of the same site stands twice on the same day.
  zh: 同一日期同一部位的局部治疗重复填写。
severity: warning
action: report_only
channel: report
kahn: plausibility
scope: table
tables: [procedure]
fields: [started_on]
advice:
  en: Remove one of the two records.
  zh: 请删除其中一条记录。
source: own
*/
select t.centre, 'procedure' as table_name, t.patient_id, t.record_key, 'started_on' as field,
    row_number() over (partition by t.patient_id, t.type_code, t.site_code, t.started_on order by t.record_key) > 1 as is_fault
from core.procedure as t
where t.type_code is not null and t.started_on is not null
