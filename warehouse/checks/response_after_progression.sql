/*
sentence:
  en: A response follows a progression in the same line of treatment.
  zh: 同一治疗线内进展之后又出现缓解。
severity: warning
action: report_only
channel: report
kahn: plausibility
scope: table
tables: [response_assessment, treatment_line]
fields: [overall]
advice:
  en: Check both assessments, or name iRECIST as the criteria.
  zh: 请核对两次评估，或注明标准为iRECIST。
source: RECIST 1.1; pseudo-progression is told by iRECIST
*/
select t.centre, 'response_assessment' as table_name, t.patient_id, t.record_key, 'overall' as field,
    coalesce(t.assessed_on > min(t.assessed_on) filter (t.overall_code = 'PD') over line
        and t.overall_code in ('CR', 'PR'), false) as is_fault
from core.response_assessment as t
asof join (
    select distinct patient_id, started_on from core.treatment_line where started_on is not null
) as l on l.patient_id = t.patient_id and l.started_on <= t.assessed_on
-- DuckDB 1.5's asof pairs a null of the left side with the last row
where t.assessed_on is not null and t.overall_code in ('CR', 'PR', 'SD', 'PD')
    and coalesce(t.criteria_code, 'RECIST 1.1') like 'RECIST%'
window line as (partition by t.patient_id, l.started_on)
