/*
sentence:
  en: The FNCLCC grade does not go with the diagnosis by its definition.
  zh: FNCLCC分级与该诊断的定义不符。
severity: warning
action: report_only
channel: report
kahn: plausibility
scope: row
tables: [tumour]
fields: [fnclcc_grade]
advice:
  en: Check the grade and the diagnosis in the report of the pathologist.
  zh: 请在病理报告中核对分级和诊断。
source: own; grades of schemas/codes/histology.csv (WHO 2020)
*/
select t.centre, 'tumour' as table_name, t.patient_id, t.record_key, 'fnclcc_grade' as field,
    not list_contains(string_split(h.grades, ' '), t.fnclcc_grade) as is_fault
from core.tumour as t
join reference.histology as h using (entity_code)
where t.fnclcc_grade in ('1', '2', '3') and h.grades is not null
