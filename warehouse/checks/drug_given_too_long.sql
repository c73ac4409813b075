/*
sentence:
  en: A drug was given for more than five years without a break.
  zh: 同一药物连续使用超过五年。
severity: warning
action: report_only
channel: report
kahn: plausibility
scope: row
tables: [drug_exposure]
fields: [stopped_on]
advice:
  en: Check first and last dose.
  zh: 请核对首次和末次用药日期。
source: own
*/
select t.centre, 'drug_exposure' as table_name, t.patient_id, t.record_key, 'stopped_on' as field,
    t.stopped_on - t.started_on > 1826 as is_fault,
    t.stopped_on - t.started_on as measure
from core.drug_exposure as t
where t.stopped_on is not null and t.started_on is not null
