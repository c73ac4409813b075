/*
sentence:
  en: The outcome is fatal, but the grade is below 5.
  zh: 结局为死亡，但分级低于5级。
severity: error
action: report_only
channel: report
kahn: plausibility
scope: row
tables: [adverse_event]
fields: [outcome, grade]
advice:
  en: Check grade and outcome.
  zh: 请核对分级和结局。
source: "CTCAE v5: grade 5 is death"
*/
select t.centre, 'adverse_event' as table_name, t.patient_id, t.record_key, 'grade' as field,
    t.grade < 5 as is_fault
from core.adverse_event as t
where t.outcome_code = 'fatal' and t.grade is not null
