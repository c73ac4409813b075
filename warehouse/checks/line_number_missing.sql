/*
sentence:
  en: The line of treatment is not stated.
  zh: 未填写治疗线数。
severity: error
action: report_only
channel: report
kahn: completeness
scope: row
tables: [treatment_line]
fields: [line_stated]
advice:
  en: Give the line.
  zh: 请填写治疗线数。
source: own
*/
select t.centre, 'treatment_line' as table_name, t.patient_id, t.record_key, 'line_stated' as field,
    t.line_stated_source is null as is_fault
from core.treatment_line as t
