/*
sentence:
  en: The day the drug was started is not given.
  zh: 未提供用药开始日期。
severity: error
action: query
channel: query
kahn: completeness
scope: row
tables: [drug_exposure]
fields: [started_on]
is_critical: true
advice:
  en: Give the day of the first dose.
  zh: 请提供首次用药日期。
source: own
*/
select centre, 'drug_exposure' as table_name, patient_id, record_key, 'started_on' as field,
    started_on_source is null as is_fault
from staging.drug_exposure
