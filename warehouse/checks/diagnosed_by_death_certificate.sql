/*
sentence:
  en: The diagnosis rests on an image, the clinic or a death certificate alone, without tissue.
  zh: 诊断仅依据影像、临床或死亡证明，无病理依据。
severity: warning
action: report_only
channel: report
kahn: plausibility
scope: row
tables: [tumour]
fields: [diagnosis_basis]
advice:
  en: Send the report of the pathologist, or confirm that no tissue was taken.
  zh: 请提供病理报告，或确认未取组织。
source: IARC, basis of diagnosis; a sarcoma is a diagnosis of tissue
*/
select t.centre, 'tumour' as table_name, t.patient_id, t.record_key, 'diagnosis_basis' as field,
    t.diagnosis_basis_code in ('imaging', 'clinical', 'death_certificate') as is_fault
from core.tumour as t
where t.diagnosis_basis_code is not null
