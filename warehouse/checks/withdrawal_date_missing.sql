/*
sentence:
  en: A scope of withdrawal is given, but no day.
  zh: 填写了撤回范围但无撤回日期。
severity: warning
action: report_only
channel: report
kahn: completeness
scope: row
tables: [patient]
fields: [withdrawal_on]
advice:
  en: Give the day of the withdrawal.
  zh: 请提供撤回日期。
source: own
*/
select t.centre, 'patient' as table_name, t.patient_id, t.record_key, 'withdrawal_on' as field,
    t.withdrawal_on_source is null as is_fault
from core.patient as t
where t.withdrawal_scope_code is not null
