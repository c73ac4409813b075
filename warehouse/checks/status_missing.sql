/*
sentence:
  en: The contact does not say whether the person lives.
  zh: 随访未注明患者生存状态。
severity: warning
action: report_only
channel: report
kahn: completeness
scope: row
tables: [follow_up]
fields: [status]
advice:
  en: Say alive, dead or lost.
  zh: 请注明存活、死亡或失访。
source: own
*/
select centre, 'follow_up' as table_name, patient_id, record_key, 'status' as field,
    status_source is null as is_fault
from core.follow_up
