/*
sentence:
  en: The primary site does not exist in this sex.
  zh: 原发部位与性别不符。
severity: error
action: report_only
channel: report
kahn: plausibility
scope: table
tables: [patient, tumour]
fields: [sex]
advice:
  en: Check sex and primary site.
  zh: 请核对性别和原发部位。
source: IARC/SEER sex and site edit, in general
*/
select p.centre, 'patient' as table_name, p.patient_id, p.record_key, 'sex' as field,
    bool_or(
        (p.sex_code = 'M' and left(t.topography_code, 3) between 'C51' and 'C58')
        or (p.sex_code = 'F' and left(t.topography_code, 3) between 'C60' and 'C63')
    ) as is_fault
from core.patient as p
join core.tumour as t using (patient_id)
where t.topography_code is not null and p.sex_code is not null
group by p.centre, p.patient_id, p.record_key
