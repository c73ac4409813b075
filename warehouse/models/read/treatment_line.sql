-- grain: one row per line of systemic treatment
select
    line.*,
    line.line_stated_source as line_stated,
    array_to_string(shown.regimen, ' + ') as regimen,
    reason.label_en as stop_reason_en,
    reason.label_zh as stop_reason_zh,
    zero.line_record_key is not null as is_index
from core.treatment_line as line
left join mart.derived_line as shown
    on shown.patient_id = line.patient_id and shown.line_number = line.line_derived
left join reference.code as reason on reason.list = 'stop_reason' and reason.code = line.stop_reason_code
left join mart.time_zero as zero on zero.patient_id = line.patient_id and zero.line_record_key = line.record_key
