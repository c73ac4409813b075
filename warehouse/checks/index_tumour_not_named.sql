/*
sentence:
  en: The person has several tumours, and none is called the index tumour.
  zh: 患者有多个肿瘤，但未标明登记肿瘤。
severity: warning
action: report_only
channel: report
kahn: completeness
scope: table
tables: [tumour]
fields: [is_index]
advice:
  en: Say which tumour the registry is about.
  zh: 请标明登记的肿瘤。
source: own
*/
select t.centre, 'tumour' as table_name, t.patient_id, t.record_key, 'is_index' as field,
    not coalesce(bool_or(t.is_index) over patient, false) as is_fault
from core.tumour as t
where t.tumour_sequence is not null
window patient as (partition by t.patient_id)
qualify max(t.tumour_sequence) over patient > min(t.tumour_sequence) over patient
