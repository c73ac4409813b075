/*
sentence:
  en: Alveolar soft part sarcoma has a FNCLCC grade, which does not apply to it.
  zh: 腺泡状软组织肉瘤不适用FNCLCC分级，却有分级。
severity: warning
action: report_only
channel: report
kahn: conformance
scope: row
tables: [tumour]
fields: [fnclcc_grade]
advice:
  en: Answer 'not applicable'.
  zh: 请填写“不适用”。
source: FNCLCC is not validated for ASPS (WHO 2020)
*/
select centre, 'tumour' as table_name, patient_id, record_key, 'fnclcc_grade' as field,
    coalesce(fnclcc_grade in ('1', '2', '3'), false) as is_fault
from core.tumour
where entity_code = 'ASPS'
