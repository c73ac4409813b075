/*
sentence:
  en: Alopecia is graded above 2, which CTCAE does not have.
  zh: 脱发分级高于2级，CTCAE无此分级。
severity: error
action: report_only
channel: report
kahn: conformance
scope: row
tables: [adverse_event]
fields: [grade]
advice:
  en: Give grade 1 or 2.
  zh: 请填写1级或2级。
source: CTCAE v5
*/
select t.centre, 'adverse_event' as table_name, t.patient_id, t.record_key, 'grade' as field,
    t.grade > 2 as is_fault
from core.adverse_event as t
where t.term_code = 'Alopecia' and t.grade is not null
