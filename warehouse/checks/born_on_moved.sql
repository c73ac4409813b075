/*
sentence:
  en: The day of birth is another than in the last delivery.
  zh: 出生日期与上次提交不同。
severity: error
action: report_only
channel: report
kahn: plausibility
scope: last_delivery
tables: [patient]
fields: [born_on]
advice:
  en: Say which day of birth holds; if the number now belongs to another person, say so.
  zh: 请说明哪一个出生日期正确；若该编号已归另一患者，请注明。
source: own
*/
select centre, table_name, patient_id, record_key, field, is_changed as is_fault
from staging.change
where table_name = 'patient' and field = 'born_on'
