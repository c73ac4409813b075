/*
sentence:
  en: The same line of the same day stands twice.
  zh: 同一天同一治疗线重复填写。
severity: warning
action: report_only
channel: report
kahn: plausibility
scope: table
tables: [treatment_line]
fields: [line_stated]
advice:
  en: Remove one of the two records.
  zh: 请删除其中一条记录。
source: own
*/
select t.centre, 'treatment_line' as table_name, t.patient_id, t.record_key, 'line_stated' as field,
    row_number() over (partition by t.patient_id, t.line_min, t.line_max, t.setting_code, t.started_on order by t.record_key) > 1 as is_fault
from core.treatment_line as t
where t.started_on is not null
