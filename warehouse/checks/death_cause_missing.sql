/*
sentence:
  en: The cause of death is not given.
  zh: 未提供死因。
severity: info
action: report_only
channel: report
kahn: completeness
scope: row
tables: [follow_up]
fields: [death_cause]
advice:
  en: Give the cause of death.
  zh: 请提供死因。
source: own
*/
select t.centre, 'follow_up' as table_name, t.patient_id, t.record_key, 'death_cause' as field,
    t.death_cause_source is null and len(t.missing) = 0 as is_fault
from core.follow_up as t
where t.status_code = 'dead' and t.death_on_earliest is not null
