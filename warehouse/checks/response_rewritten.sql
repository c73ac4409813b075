/*
sentence:
  en: The overall response of an assessment is another than in the last delivery.
  zh: 总体疗效评价与上次提交不同。
severity: warning
action: query
channel: query
kahn: plausibility
scope: last_delivery
tables: [response_assessment]
fields: [overall]
explained_by: [assessed_on_moved]
is_critical: true
advice:
  en: Say which response holds, and why it was read again.
  zh: 请说明哪一个评价正确及复评原因。
source: own
*/
select centre, table_name, patient_id, record_key, field, is_changed as is_fault
from staging.change
where table_name = 'response_assessment' and field = 'overall'
