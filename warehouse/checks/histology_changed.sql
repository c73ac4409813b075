/*
sentence:
  en: The diagnosis names another entity than in the last delivery.
  zh: 诊断所指的实体与上次提交不同。
severity: warning
action: query
channel: query
kahn: plausibility
scope: last_delivery
tables: [tumour]
fields: [histology]
is_critical: true
advice:
  en: Confirm the new diagnosis, and send the earlier one as a reading of its own if it was re-read.
  zh: 请确认新诊断；如为复阅，请将原诊断另列一条。
source: own
*/
select centre, table_name, patient_id, record_key, field, is_changed as is_fault
from staging.change
where table_name = 'tumour' and field = 'histology'
