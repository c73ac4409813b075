/*
sentence:
  en: A metastasis was shown more than 31 days before the day the disease is called metastatic since.
  zh: 转移灶发现日期早于首次转移日期31天以上。
severity: warning
action: report_only
channel: report
kahn: plausibility
scope: table
tables: [metastasis, tumour]
fields: [detected_on]
advice:
  en: Correct the day of first metastasis, or this day.
  zh: 请更正首次转移日期或该日期。
source: own; it moves time zero of the metastatic disease
*/
select t.centre, 'metastasis' as table_name, t.patient_id, t.record_key, 'detected_on' as field,
    t.detected_on_latest < d.metastatic_on - 31 as is_fault,
    t.detected_on_latest - d.metastatic_on as measure
from core.metastasis as t
join (
    select patient_id, min(metastatic_on_earliest) as metastatic_on from core.tumour group by patient_id
) as d using (patient_id)
where t.detected_on_latest is not null and d.metastatic_on is not null
