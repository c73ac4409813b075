/*
sentence:
  en: The first day of a drug is another than in the last delivery.
  zh: 用药开始日期与上次提交不同。
severity: warning
action: report_only
channel: report
kahn: plausibility
scope: last_delivery
tables: [drug_exposure]
fields: [started_on]
advice:
  en: Say which day the first dose was given.
  zh: 请说明首次给药的实际日期。
source: own
*/
select centre, table_name, patient_id, record_key, field, is_changed as is_fault
from staging.change
where table_name = 'drug_exposure' and field = 'started_on'
