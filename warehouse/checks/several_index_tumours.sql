/*
sentence:
  en: More than one tumour of the person is called the index tumour.
  zh: 同一患者有多个肿瘤被标为登记肿瘤。
severity: error
action: report_only
channel: report
kahn: plausibility
scope: table
tables: [tumour]
fields: [is_index]
advice:
  en: Say which one tumour the registry is about.
  zh: 请明确登记的是哪一个肿瘤。
source: own
*/
select t.centre, 'tumour' as table_name, t.patient_id, t.record_key, 'is_index' as field,
    min(t.tumour_sequence) over patient <> max(t.tumour_sequence) over patient as is_fault
from core.tumour as t
where t.is_index and t.tumour_sequence is not null
window patient as (partition by t.patient_id)
