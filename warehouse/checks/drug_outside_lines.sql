/*
sentence:
  en: The drug was started outside every line of treatment.
  zh: 用药开始日期不在任何治疗线之内。
severity: warning
action: report_only
channel: report
kahn: plausibility
scope: table
tables: [drug_exposure, treatment_line]
fields: [started_on]
advice:
  en: Send the line this drug belongs to, or check its dates.
  zh: 请补充该药物所属的治疗线，或核对日期。
source: own
*/
select e.centre, 'drug_exposure' as table_name, e.patient_id, min(e.record_key) as record_key, 'started_on' as field,
    not bool_or(e.started_on between l.started_on - 14 and coalesce(l.stopped_on, date '9999-12-31') + 14)
        as is_fault
from core.drug_exposure as e
join core.treatment_line as l using (patient_id)
where e.started_on is not null and l.started_on is not null
    and coalesce(e.component_code, 'other') <> 'supportive'
group by e.centre, e.patient_id, e.source_rows
