/*
sentence:
  en: Consent was withdrawn, but the scope is not given.
  zh: 已撤回同意，但未说明范围。
severity: warning
action: report_only
channel: report
kahn: completeness
scope: row
tables: [patient]
fields: [withdrawal_scope]
advice:
  en: Say what may still be used.
  zh: 请说明仍可使用的范围。
source: own; the strictest scope would have to be taken
*/
select t.centre, 'patient' as table_name, t.patient_id, t.record_key, 'withdrawal_scope' as field,
    t.withdrawal_scope_source is null as is_fault
from core.patient as t
where t.withdrawal_on_earliest is not null
