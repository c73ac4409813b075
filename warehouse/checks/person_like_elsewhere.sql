/*
sentence:
  en: A person at another centre has the same day of birth, sex, entity, day of diagnosis and day of metastatic disease.
  zh: 另一中心有出生日期、性别、实体、诊断日期和转移日期均相同的患者。
severity: info
action: query
channel: report
kahn: plausibility
scope: cross_centre
tables: [patient]
fields: []
explained_by: [patient_at_two_centres]
advice:
  en: Say whether the person was treated at another hospital.
  zh: 请说明该患者是否在其他医院治疗过。
source: own
*/
-- Days known to the day alone; persons whose tokens say they are one are a rule of their own (patient_at_two_centres).
with
    likeness as (
        select distinct p.centre, p.patient_id, p.record_key,
            concat_ws('|', p.born_on, p.sex_code, t.entity_code, t.diagnosed_on, t.metastatic_on) as likeness
        from core.patient as p
        join core.tumour as t using (centre, patient_id)
        where p.born_on is not null and p.sex_code is not null and t.entity_code is not null
            and t.diagnosed_on is not null and t.metastatic_on is not null
    ),

    shared as (
        select likeness from likeness group by likeness having count(distinct centre) > 1
    )

select l.centre, 'patient' as table_name, l.patient_id, l.record_key, null as field,
    bool_or(shared.likeness is not null) as is_fault
from likeness as l
left join shared using (likeness)
group by all
