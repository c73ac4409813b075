/*
sentence:
  en: The sex is another than in the last delivery.
  zh: 性别与上次提交不同。
severity: error
action: report_only
channel: report
kahn: plausibility
scope: last_delivery
tables: [patient]
fields: [sex]
explained_by: [born_on_moved]
advice:
  en: Say which holds; if the number now belongs to another person, say so.
  zh: 请说明哪一个正确；若该编号已归另一患者，请注明。
source: own
*/
select centre, table_name, patient_id, record_key, field, is_changed as is_fault
from staging.change
where table_name = 'patient' and field = 'sex'
