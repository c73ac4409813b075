/*
sentence:
  en: No basis for the use of the data is given.
  zh: 未填写数据使用依据。
severity: warning
action: report_only
channel: report
kahn: completeness
scope: row
tables: [patient]
fields: [legal_basis]
advice:
  en: "Give the basis: consent or waiver."
  zh: 请填写依据：知情同意或豁免。
source: own; without it the person leaves the cohort
*/
select t.centre, 'patient' as table_name, t.patient_id, t.record_key, 'legal_basis' as field,
    t.legal_basis_source is null as is_fault
from core.patient as t
