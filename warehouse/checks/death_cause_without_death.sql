/*
sentence:
  en: A cause of death is given for a person called alive or lost.
  zh: 存活或失访患者填写了死因。
severity: warning
action: report_only
channel: report
kahn: plausibility
scope: row
tables: [follow_up]
fields: [death_cause]
advice:
  en: Say whether the person died.
  zh: 请确认患者是否死亡。
source: own
*/
select t.centre, 'follow_up' as table_name, t.patient_id, t.record_key, 'death_cause' as field,
    t.status_code in ('alive', 'lost') as is_fault
from core.follow_up as t
where t.death_cause_code is not null and t.status_code is not null
