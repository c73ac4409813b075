/*
sentence:
  en: A progression lies after the last news of the person, so that PFS would outlast OS.
  zh: 进展日期晚于最后一次随访或死亡，无进展生存期将长于总生存期。
severity: error
action: report_only
channel: report
kahn: plausibility
scope: table
tables: [response_assessment, follow_up]
fields: [assessed_on]
explained_by: [assessment_after_death]
advice:
  en: Send the last contact or the day of death; it cannot be earlier than the progression.
  zh: 请补充末次随访或死亡日期；不应早于进展日期。
source: own; PFS ends with OS at the latest
*/
select t.centre, 'response_assessment' as table_name, t.patient_id, t.record_key, 'assessed_on' as field,
    t.assessed_on_earliest > d.last_on as is_fault,
    t.assessed_on_earliest - d.last_on as measure
from core.response_assessment as t
join (
    select patient_id, max(coalesce(death_on_latest, contact_on_latest)) as last_on
    from core.follow_up
    group by patient_id
) as d using (patient_id)
where t.overall_code in ('PD', 'iCPD', 'iUPD') and t.assessed_on_earliest is not null and d.last_on is not null
