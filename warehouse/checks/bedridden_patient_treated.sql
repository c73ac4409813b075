/*
sentence:
  en: A line was started at a performance status of 4 or 5.
  zh: 体能状态4或5分时开始治疗。
severity: warning
action: report_only
channel: report
kahn: plausibility
scope: row
tables: [treatment_line]
fields: [ecog]
advice:
  en: Check the performance status at the start of the line.
  zh: 请核对治疗开始时的体能状态。
source: own; ECOG 5 is death
*/
select t.centre, 'treatment_line' as table_name, t.patient_id, t.record_key, 'ecog' as field,
    t.ecog >= 4 as is_fault,
    t.ecog as measure
from core.treatment_line as t
where t.ecog is not null
