/*
sentence:
  en: A drug was started after death.
  zh: 用药开始日期晚于死亡日期。
severity: error
action: query
channel: query
kahn: plausibility
scope: table
tables: [drug_exposure, follow_up]
fields: [started_on]
explained_by: [deaths_differ, death_before_diagnosis]
is_critical: true
advice:
  en: Check the day of death and this day.
  zh: 请核对死亡日期和该日期。
source: own
*/
select t.centre, 'drug_exposure' as table_name, t.patient_id, t.record_key, 'started_on' as field,
    t.started_on_earliest > d.death_on as is_fault
from staging.drug_exposure as t
join staging.first_death as d using (patient_id)
where t.started_on_earliest is not null
