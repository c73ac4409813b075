/*
sentence:
  en: The first day of the line is not given.
  zh: 未提供治疗线开始日期。
severity: error
action: report_only
channel: report
kahn: completeness
scope: row
tables: [treatment_line]
fields: [started_on]
advice:
  en: Give the first day of the line.
  zh: 请提供治疗线开始日期。
source: own
*/
select t.centre, 'treatment_line' as table_name, t.patient_id, t.record_key, 'started_on' as field,
    t.started_on_source is null as is_fault
from core.treatment_line as t
