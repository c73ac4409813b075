/*
sentence:
  en: A drug is called ongoing, but has a reason why it was stopped.
  zh: 填写为仍在用药，却有停药原因。
severity: warning
action: report_only
channel: report
kahn: plausibility
scope: row
tables: [drug_exposure]
fields: [stop_reason]
advice:
  en: Say whether the drug is still given.
  zh: 请说明是否仍在用药。
source: own
*/
select t.centre, 'drug_exposure' as table_name, t.patient_id, t.record_key, 'stop_reason' as field,
    t.is_ongoing as is_fault
from core.drug_exposure as t
where t.stop_reason_code is not null and t.is_ongoing is not null
