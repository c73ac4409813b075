/*
sentence:
  en: The day of death lies before the diagnosis.
  zh: 死亡日期早于诊断日期。
severity: error
action: query
channel: query
kahn: plausibility
scope: table
tables: [follow_up, tumour]
fields: [death_on]
is_critical: true
advice:
  en: Check the day of death and the day of the diagnosis.
  zh: 请核对死亡日期和诊断日期。
source: own
*/
select f.centre, 'follow_up' as table_name, f.patient_id, f.record_key, 'death_on' as field,
    f.death_on < d.diagnosed_on as is_fault
from core.follow_up as f
join (
    select patient_id, min(diagnosed_on_earliest) as diagnosed_on from core.tumour group by patient_id
) as d using (patient_id)
where f.death_on is not null and d.diagnosed_on is not null
