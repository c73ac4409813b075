/*
sentence:
  en: A laboratory value cannot be right in its unit.
  zh: 化验值在该单位下不合理。
severity: warning
action: report_only
channel: report
kahn: plausibility
scope: row
tables: [biomarker]
fields: [value_number, unit]
advice:
  en: Check value and unit.
  zh: 请核对数值和单位。
source: own; limits of life, in g/L, U/L or mutations per megabase
*/
select t.centre, 'biomarker' as table_name, t.patient_id, t.record_key, 'value_number' as field,
    case
        when t.name_code = 'haemoglobin' and t.unit = 'g/L' then not t.value_number between 30 and 250
        when t.name_code = 'haemoglobin' and t.unit = 'g/dL' then not t.value_number between 3 and 25
        when t.name_code = 'albumin' and t.unit = 'g/L' then not t.value_number between 8 and 65
        when t.name_code = 'albumin' and t.unit = 'g/dL' then not t.value_number between 0.8 and 6.5
        when t.name_code = 'ldh' then not t.value_number between 20 and 20000
        when t.name_code = 'nlr' then not t.value_number between 0.05 and 150
        when t.name_code = 'tmb' then not t.value_number between 0 and 1000
    end as is_fault,
    t.value_number as measure
from core.biomarker as t
where t.value_number is not null
