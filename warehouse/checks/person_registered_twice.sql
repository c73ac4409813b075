/*
sentence:
  en: Two patient numbers of the centre have the same birth date, sex, day of diagnosis and diagnosis.
  zh: 本中心两个患者编号的出生日期、性别、诊断日期和诊断均相同。
severity: error
action: report_only
channel: report
kahn: plausibility
scope: centre
tables: [patient, tumour]
fields: []
advice:
  en: Say whether it is one person, and which number holds.
  zh: 请确认是否为同一患者，以及有效编号。
source: own
*/
select p.centre, 'patient' as table_name, p.patient_id, p.record_key, null as field,
    count(*) over (partition by p.centre, p.born_on, p.sex_code, d.diagnosed_on, d.entity_code) > 1 as is_fault
from core.patient as p
join (
    select patient_id, min(diagnosed_on) as diagnosed_on, min(entity_code) as entity_code
    from core.tumour
    group by patient_id
) as d using (patient_id)
where p.born_on is not null and p.sex_code is not null and d.diagnosed_on is not null and d.entity_code is not null
