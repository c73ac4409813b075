/*
sentence:
  en: All persons of the centre have the same sex.
  zh: 本中心所有患者性别相同。
severity: error
action: report_only
channel: report
kahn: plausibility
scope: centre
tables: [patient]
fields: [sex]
advice:
  en: Check the column of the sex.
  zh: 请核对性别列。
source: own; sarcoma takes both sexes
*/
select centre, 'patient' as table_name, null as patient_id, null as record_key, 'sex' as field,
    min(sex_code) = max(sex_code) as is_fault
from core.patient
where sex_code is not null
group by centre
having count(*) >= 20
