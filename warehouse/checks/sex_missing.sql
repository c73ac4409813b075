/*
sentence:
  en: The sex of the person is not given.
  zh: 未提供性别。
severity: warning
action: report_only
channel: report
kahn: completeness
scope: row
tables: [patient]
fields: [sex]
advice:
  en: Give the sex.
  zh: 请提供性别。
source: own
*/
select centre, 'patient' as table_name, patient_id, record_key, 'sex' as field, sex_source is null as is_fault
from core.patient
