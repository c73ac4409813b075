/*
sentence:
  en: The person is called lost and has a day of death.
  zh: 状态为失访却有死亡日期。
severity: error
action: report_only
channel: report
kahn: plausibility
scope: row
tables: [follow_up]
fields: [status]
advice:
  en: Say whether the person died.
  zh: 请确认患者是否死亡。
source: own
*/
select t.centre, 'follow_up' as table_name, t.patient_id, t.record_key, 'status' as field,
    t.death_on_earliest is not null as is_fault
from core.follow_up as t
where t.status_code = 'lost'
