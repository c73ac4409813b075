/*
sentence:
  en: The disease was assessed after death.
  zh: 疗效评估日期晚于死亡日期。
severity: error
action: report_only
channel: report
kahn: plausibility
scope: table
tables: [response_assessment, follow_up]
fields: [assessed_on]
explained_by: [deaths_differ, death_before_diagnosis]
advice:
  en: Check the day of death and this day.
  zh: 请核对死亡日期和该日期。
source: own
*/
select t.centre, 'response_assessment' as table_name, t.patient_id, t.record_key, 'assessed_on' as field,
    t.assessed_on_earliest > d.death_on as is_fault
from core.response_assessment as t
join staging.first_death as d using (patient_id)
where t.assessed_on_earliest is not null
