/*
sentence:
  en: The diagnosis belongs to an organ that this sex does not have.
  zh: 该诊断所属器官与性别不符。
severity: error
action: report_only
channel: report
kahn: plausibility
scope: table
tables: [patient, tumour]
fields: [histology]
explained_by: [sex_site_conflict]
advice:
  en: Check sex and diagnosis.
  zh: 请核对性别和诊断。
source: own; usual_sex_code of schemas/codes/histology.csv, derived from the organ
*/
select t.centre, 'tumour' as table_name, t.patient_id, t.record_key, 'histology' as field,
    p.sex_code <> h.usual_sex_code as is_fault
from core.tumour as t
join core.patient as p using (patient_id)
join reference.histology as h using (entity_code)
where p.sex_code is not null and h.usual_sex_code is not null
