/*
sentence:
  en: The drug of a record is another than in the last delivery.
  zh: 同一记录的药物与上次提交不同。
severity: error
action: report_only
channel: report
kahn: plausibility
scope: last_delivery
tables: [drug_exposure]
fields: [agent]
advice:
  en: Say which drug was given.
  zh: 请说明实际使用的药物。
source: own
*/
select centre, table_name, patient_id, record_key, field, is_changed as is_fault
from staging.change
where table_name = 'drug_exposure' and field = 'agent'
