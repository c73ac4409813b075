/*
sentence:
  en: The line number is above 10.
  zh: 治疗线数超过10。
severity: warning
action: report_only
channel: report
kahn: plausibility
scope: row
tables: [treatment_line]
fields: [line_stated]
advice:
  en: Check the number of the line.
  zh: 请核对治疗线数。
source: own
*/
select t.centre, 'treatment_line' as table_name, t.patient_id, t.record_key, 'line_stated' as field,
    t.line_min > 10 as is_fault,
    t.line_min as measure
from core.treatment_line as t
where t.line_min is not null
