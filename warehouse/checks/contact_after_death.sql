/*
sentence:
  en: The person was in contact after death.
  zh: 随访日期晚于死亡日期。
severity: error
action: query
channel: query
kahn: plausibility
scope: table
tables: [follow_up]
fields: [contact_on]
explained_by: [deaths_differ, death_before_diagnosis]
is_critical: true
advice:
  en: Check the day of death and the day of the contact.
  zh: 请核对死亡日期和随访日期。
source: own
*/
select f.centre, 'follow_up' as table_name, f.patient_id, f.record_key, 'contact_on' as field,
    f.contact_on_earliest > d.death_on as is_fault
from core.follow_up as f
join staging.first_death as d using (patient_id)
where f.contact_on_earliest is not null and f.status_code = 'alive'
