/*
sentence:
  en: The response was assessed after time zero, but there is no assessment from the 42 days before it.
  zh: 起始时间后有疗效评估，但起始前42天内没有基线评估。
severity: warning
action: report_only
channel: report
kahn: completeness
scope: cross_centre
tables: [patient, response_assessment]
fields: []
advice:
  en: Send the imaging before the first dose with the sum of target lesions, or say that none was made.
  zh: 请补充首次用药前的影像评估及靶病灶总和，或注明未做。
source: RECIST 1.1 asks for a baseline within four weeks; two more are allowed for. It censors nobody
*/
-- whom the cohort counts depends on the other centres: a person seen at two counts at one
select p.centre, 'patient' as table_name, p.patient_id, p.record_key, null as field,
    not bool_or(a.assessed_on_latest between cohort.index_on - 42 and cohort.index_on
        or a.assessed_on_earliest between cohort.index_on - 42 and cohort.index_on) as is_fault
from core.patient as p
join mart.cohort as cohort using (patient_id)
join core.response_assessment as a using (patient_id)
where a.assessed_on_earliest is not null
group by all
having bool_or(a.assessed_on_latest > cohort.index_on)
