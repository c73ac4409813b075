/*
sentence:
  en: The person left hospital against advice or to die, and nothing is known after it.
  zh: 患者自动出院或放弃治疗出院，其后没有任何记录。
severity: error
action: query
channel: query
kahn: completeness
scope: table
tables: [follow_up]
fields: [contact_type]
is_critical: true
advice:
  en: Ask the family or the death registry, and send the day of death or the last contact.
  zh: 请向家属或死亡登记核实，补充死亡日期或最后一次联系日期。
source: own; overall survival ends that day, and its sensitivity counts a death 30 days later
*/
select f.centre, 'follow_up' as table_name, f.patient_id, f.record_key, 'contact_type' as field,
    not exists (
        select 1
        from core.follow_up as later
        where later.patient_id = f.patient_id
            and (later.death_on_source is not null or later.contact_on_latest > f.contact_on_earliest)
    ) as is_fault
from core.follow_up as f
where f.contact_type_code = 'discharge_against_advice' and f.contact_on_earliest is not null
