/*
sentence:
  en: Consent was withdrawn before the person was registered.
  zh: 撤回日期早于登记日期。
severity: warning
action: report_only
channel: report
kahn: plausibility
scope: row
tables: [patient]
fields: [withdrawal_on]
advice:
  en: Check both days.
  zh: 请核对两个日期。
source: own
*/
select t.centre, 'patient' as table_name, t.patient_id, t.record_key, 'withdrawal_on' as field,
    t.withdrawal_on_latest < t.registered_on_earliest as is_fault
from core.patient as t
where t.withdrawal_on_latest is not null and t.registered_on_earliest is not null
