/*
sentence:
  en: The disease was assessed before the person was born.
  zh: 疗效评估日期早于出生日期。
severity: error
action: report_only
channel: report
kahn: plausibility
scope: table
tables: [response_assessment, patient]
fields: [assessed_on]
explained_by: [born_after_diagnosis]
advice:
  en: Check the day of birth and this day.
  zh: 请核对出生日期和该日期。
source: own
*/
select t.centre, 'response_assessment' as table_name, t.patient_id, t.record_key, 'assessed_on' as field,
    t.assessed_on_latest < p.born_on_earliest as is_fault
from core.response_assessment as t
join core.patient as p using (patient_id)
where t.assessed_on_latest is not null and p.born_on_earliest is not null
