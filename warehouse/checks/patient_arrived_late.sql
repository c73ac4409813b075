/*
sentence:
  en: The person is new in this delivery, but was treated more than a year before the last one's cut-off.
  zh: 患者为本次新增，但在上次截止日期一年多以前已接受治疗。
severity: info
action: report_only
channel: report
kahn: completeness
scope: last_delivery
tables: [patient]
fields: []
advice:
  en: No answer is needed if the person was found by a search; say so if all earlier patients were looked for.
  zh: 如为检索补入则无需答复；若已全面检索既往患者请注明。
source: own
*/
-- Persons found late can be those who lived long; the share of them is watched.
select p.centre, 'patient' as table_name, p.patient_id, p.record_key, null as field,
    min(d.started_on_latest) < before.cut_off_on - 365 as is_fault
from staging.patient as p
join staging.before_centre as before on before.centre = p.centre
join staging.drug_exposure as d on d.patient_id = p.patient_id
left join staging.before_patient as told on told.centre = p.centre and told.patient_id = p.patient_id
where told.patient_id is null and d.started_on_latest is not null
group by p.centre, p.patient_id, p.record_key, before.cut_off_on
