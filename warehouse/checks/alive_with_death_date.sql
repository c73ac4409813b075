/*
sentence:
  en: The person is called alive and has a day of death.
  zh: 状态为存活却填写了死亡日期。
severity: error
action: query
channel: query
kahn: plausibility
scope: row
tables: [follow_up]
fields: [status, death_on]
is_critical: true
advice:
  en: Say whether the person died, and when.
  zh: 请确认患者是否死亡及死亡日期。
source: own
*/
select centre, 'follow_up' as table_name, patient_id, record_key, 'status' as field,
    death_on_earliest is not null as is_fault
from core.follow_up
where status_code = 'alive'
