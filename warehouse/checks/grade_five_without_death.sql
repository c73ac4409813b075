/*
sentence:
  en: An adverse event is graded 5 (death), but no death is recorded.
  zh: 不良反应为5级（死亡），但无死亡记录。
severity: error
action: report_only
channel: report
kahn: plausibility
scope: table
tables: [adverse_event, follow_up]
fields: [grade]
advice:
  en: Send the day of death, or correct the grade.
  zh: 请提供死亡日期，或更正分级。
source: "CTCAE v5: grade 5 is death"
*/
select t.centre, 'adverse_event' as table_name, t.patient_id, t.record_key, 'grade' as field,
    not exists (
        select 1 from core.follow_up as f where f.patient_id = t.patient_id and f.status_code = 'dead'
    ) as is_fault
from core.adverse_event as t
where t.grade = 5
