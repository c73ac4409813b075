/*
sentence:
  en: The line as stated and the line derived from the drug records differ.
  zh: 填报的治疗线数与由用药记录推导的线数不一致。
severity: warning
action: query
channel: query
kahn: plausibility
scope: table
tables: [treatment_line, drug_exposure, response_assessment]
fields: [line_stated]
explained_by: [drug_unmapped, drug_doubtful, drug_start_missing]
is_critical: true
advice:
  en: Send the drugs and progressions that are missing, or correct the line.
  zh: 请补充缺失的用药和进展记录，或更正治疗线。
source: R10 of docs/lines.md
*/
-- where one line differs, those after it do as well: only the first of them is asked about
with line as (
    select centre, patient_id, record_key, started_on_earliest,
        line_derived < line_min or coalesce(line_derived > line_max, false) as is_different
    from core.treatment_line
    where line_derived is not null and line_min >= 1
)

select centre, 'treatment_line' as table_name, patient_id, record_key, 'line_stated' as field,
    case
        when not is_different then false
        when not coalesce(lag(is_different) over (
            partition by patient_id order by started_on_earliest, record_key
        ), false) then true
    end as is_fault
from line
