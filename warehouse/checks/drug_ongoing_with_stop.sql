/*
sentence:
  en: A drug is called ongoing, but has a last dose.
  zh: 填写为仍在用药，却有末次用药日期。
severity: warning
action: report_only
channel: report
kahn: plausibility
scope: row
tables: [drug_exposure]
fields: [is_ongoing]
advice:
  en: Say whether the drug is still given.
  zh: 请说明是否仍在用药。
source: own
*/
select t.centre, 'drug_exposure' as table_name, t.patient_id, t.record_key, 'is_ongoing' as field,
    t.is_ongoing as is_fault
from core.drug_exposure as t
where t.stopped_on_earliest is not null and t.is_ongoing is not null
