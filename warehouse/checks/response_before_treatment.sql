/*
sentence:
  en: A response was assessed before any treatment.
  zh: 疗效评估日期早于任何治疗。
severity: error
action: report_only
channel: report
kahn: plausibility
scope: table
tables: [response_assessment, drug_exposure]
fields: [assessed_on]
advice:
  en: Check the day of the imaging; a baseline has no response.
  zh: 请核对影像日期；基线评估没有疗效。
source: own
*/
select t.centre, 'response_assessment' as table_name, t.patient_id, t.record_key, 'assessed_on' as field,
    t.assessed_on_latest < d.started_on as is_fault,
    t.assessed_on_latest - d.started_on as measure
from core.response_assessment as t
join (
    select patient_id, min(started_on) as started_on
    from (
        select patient_id, started_on_earliest as started_on from core.drug_exposure
        union all
        select patient_id, started_on_earliest from core.procedure
    )
    group by patient_id
) as d using (patient_id)
where t.overall_code in ('CR', 'PR', 'SD', 'PD', 'iCR', 'iPR', 'iSD', 'iUPD', 'iCPD')
    and t.assessed_on_latest is not null and d.started_on is not null
