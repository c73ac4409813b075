/*
sentence:
  en: There is no news of the person after the first treatment.
  zh: 首次治疗后没有任何随访记录。
severity: warning
action: query
channel: query
kahn: completeness
scope: table
tables: [patient, follow_up]
fields: []
advice:
  en: Send the last contact, or say that the person is lost.
  zh: 请补充最后一次随访，或注明失访。
source: own
*/
select p.centre, 'patient' as table_name, p.patient_id, p.record_key, null as field,
    p.patient_id not in (select patient_id from core.follow_up) as is_fault
from core.patient as p
where p.patient_id in (select patient_id from core.drug_exposure)
