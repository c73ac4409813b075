/*
sentence:
  en: A drug is called not given, but has cycles.
  zh: 填写为未用药，却有周期数。
severity: warning
action: report_only
channel: report
kahn: plausibility
scope: row
tables: [drug_exposure]
fields: [is_administered]
advice:
  en: Say whether the drug was given.
  zh: 请说明是否用药。
source: own
*/
select t.centre, 'drug_exposure' as table_name, t.patient_id, t.record_key, 'is_administered' as field,
    not t.is_administered as is_fault
from core.drug_exposure as t
where t.cycles is not null and t.is_administered is not null
