/*
sentence:
  en: There is no news of the person after the first treatment.
  zh: 首次治疗后没有任何随访记录。
severity: warning
action: query
channel: query
kahn: completeness
scope: table
tables: [patient, drug_exposure, follow_up]
fields: []
is_critical: true
advice:
  en: Send the last contact, or say that the person is lost.
  zh: 请补充最后一次随访，或注明失访。
source: own
*/
select p.centre, 'patient' as table_name, p.patient_id, p.record_key, null as field,
    not exists (
        select 1
        from core.follow_up as f
        where f.patient_id = p.patient_id
            and coalesce(f.death_on_latest, f.contact_on_latest, date '9999-12-31') >= coalesce(d.started_on, date '0001-01-01')
    ) as is_fault
from core.patient as p
join (
    select patient_id, min(started_on_earliest) as started_on from core.drug_exposure group by patient_id
) as d using (patient_id)
