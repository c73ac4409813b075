/*
sentence:
  en: A dose has no unit.
  zh: 剂量没有单位。
severity: warning
action: report_only
channel: report
kahn: completeness
scope: row
tables: [drug_exposure]
fields: [dose_unit]
advice:
  en: Give the unit of the dose.
  zh: 请提供剂量单位。
source: own
*/
select t.centre, 'drug_exposure' as table_name, t.patient_id, t.record_key, 'dose_unit' as field,
    t.dose_unit is null as is_fault
from core.drug_exposure as t
where t.dose is not null
