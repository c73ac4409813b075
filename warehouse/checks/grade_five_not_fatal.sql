/*
sentence:
  en: The grade is 5 (death), but the outcome is not fatal.
  zh: 分级为5级（死亡），但结局不是死亡。
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
select t.centre, 'adverse_event' as table_name, t.patient_id, t.record_key, 'outcome' as field,
    t.outcome_code <> 'fatal' as is_fault
from core.adverse_event as t
where t.grade = 5 and t.outcome_code is not null
