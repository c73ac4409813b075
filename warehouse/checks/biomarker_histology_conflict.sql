/*
sentence:
  en: The marker that belongs to the diagnosis is negative.
  zh: 该诊断的特征性标志物为阴性。
severity: warning
action: report_only
channel: report
kahn: plausibility
scope: table
tables: [biomarker, tumour]
fields: [value_text]
advice:
  en: Confirm the diagnosis and the marker.
  zh: 请确认诊断和标志物结果。
source: "WHO 2020: TFE3 in ASPS, MDM2 in lipomatous tumours, DDIT3 in myxoid liposarcoma, SS18 in synovial sarcoma"
*/
select t.centre, 'biomarker' as table_name, t.patient_id, t.record_key, 'value_text' as field,
    bool_or(regexp_matches(lower(t.value_text), '^(negative|neg|absent|not detected|not amplified|阴性|未检出|未扩增|-|\(-\))$')) as is_fault
from core.biomarker as t
join core.tumour as u using (patient_id)
where t.value_text is not null and (
    (t.name_code = 'tfe3_fusion' and u.entity_code = 'ASPS')
    or (t.name_code = 'mdm2_amplification' and u.entity_code in ('DDLPS', 'WDLPS', 'ALT'))
    or (t.name_code = 'ddit3_fusion' and u.entity_code = 'MLPS')
    or (t.name_code = 'ss18_fusion' and u.entity_code in ('SS', 'MSS', 'BSS', 'PDSS', 'SS-E'))
)
group by t.centre, t.patient_id, t.record_key
