/*
sentence:
  en: A drug's end that was given is another than in the last delivery.
  zh: 已给出的停药日期与上次提交不同。
severity: info
action: report_only
channel: report
kahn: plausibility
scope: last_delivery
tables: [drug_exposure]
fields: [stopped_on]
advice:
  en: Check the day of the last dose.
  zh: 请核对末次给药日期。
source: own
*/
select centre, table_name, patient_id, record_key, field, is_changed as is_fault
from staging.change
where table_name = 'drug_exposure' and field = 'stopped_on'
