/*
sentence:
  en: The registered tumour is a benign entity.
  zh: 登记的肿瘤为良性类型。
severity: error
action: report_only
channel: report
kahn: plausibility
scope: row
tables: [tumour]
fields: [histology]
advice:
  en: Check the diagnosis; a benign tumour cannot be the index sarcoma.
  zh: 请核对诊断；良性肿瘤不能作为登记的肉瘤。
source: own; behaviour digit of ICD-O-3
*/
select t.centre, 'tumour' as table_name, t.patient_id, t.record_key, 'histology' as field,
    t.behaviour = '0' as is_fault
from core.tumour as t
where t.behaviour is not null and t.is_index is distinct from false
