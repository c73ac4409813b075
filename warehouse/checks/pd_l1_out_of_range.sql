/*
sentence:
  en: PD-L1 is not between 0 and 100.
  zh: PD-L1数值不在0至100之间。
severity: error
action: report_only
channel: report
kahn: plausibility
scope: row
tables: [biomarker]
fields: [value_number]
advice:
  en: Give the percentage of cells or the combined score.
  zh: 请提供阳性细胞百分比或综合评分。
source: own; tumour proportion score and combined positive score end at 100
*/
select t.centre, 'biomarker' as table_name, t.patient_id, t.record_key, 'value_number' as field,
    not t.value_number between 0 and 100 as is_fault,
    t.value_number as measure
from core.biomarker as t
where t.name_code = 'pd_l1' and t.value_number is not null
