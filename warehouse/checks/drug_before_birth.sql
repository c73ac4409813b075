/*
sentence:
  en: A drug was started before the person was born.
  zh: 用药日期早于出生日期。
severity: error
action: report_only
channel: report
kahn: plausibility
scope: table
tables: [drug_exposure, patient]
fields: [started_on]
explained_by: [born_after_diagnosis]
advice:
  en: Check the day of birth and this day.
  zh: 请核对出生日期和该日期。
source: own
*/
select t.centre, 'drug_exposure' as table_name, t.patient_id, t.record_key, 'started_on' as field,
    t.started_on_latest < p.born_on_earliest as is_fault
from staging.drug_exposure as t
join core.patient as p using (patient_id)
where t.started_on_latest is not null and p.born_on_earliest is not null
