/*
sentence:
  en: The same assessment stands in two records.
  zh: 同一次评估出现在两条记录中。
severity: warning
action: report_only
channel: report
kahn: plausibility
scope: table
tables: [response_assessment]
fields: [assessed_on]
advice:
  en: Remove one of the two records.
  zh: 请删除其中一条记录。
source: own
*/
select t.centre, 'response_assessment' as table_name, t.patient_id, t.record_key, 'assessed_on' as field,
    row_number() over (
        partition by t.patient_id, t.assessed_on, t.criteria_code, t.assessor_code, t.modality_code, t.overall_code, t.target_sum_mm
        order by t.record_key
    ) > 1 as is_fault
from core.response_assessment as t
where t.assessed_on is not null
