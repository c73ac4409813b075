/*
sentence:
  en: The primary of a metastatic sarcoma measures less than 10 mm; the size may be in centimetres.
  zh: 转移性肉瘤的原发灶小于10毫米；单位可能为厘米。
severity: warning
action: report_only
channel: report
kahn: plausibility
scope: row
tables: [tumour]
fields: [size_mm]
advice:
  en: Check the unit of the size.
  zh: 请核对肿瘤大小的单位。
source: own; metastatic sarcoma of under 10 mm is exceptional
*/
select t.centre, 'tumour' as table_name, t.patient_id, t.record_key, 'size_mm' as field,
    t.size_mm < 10 as is_fault,
    t.size_mm as measure
from core.tumour as t
where t.size_mm is not null and t.metastatic_on_earliest is not null
