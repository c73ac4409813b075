/*
sentence:
  en: A metastasis was shown more than 60 days before the diagnosis.
  zh: 转移灶发现日期早于诊断60天以上。
severity: warning
action: report_only
channel: report
kahn: plausibility
scope: table
tables: [metastasis, tumour]
fields: [detected_on]
explained_by: [metastatic_before_diagnosis]
advice:
  en: Check both dates; a diagnosis made elsewhere may be older.
  zh: 请核对两个日期；外院诊断可能更早。
source: own
*/
select t.centre, 'metastasis' as table_name, t.patient_id, t.record_key, 'detected_on' as field,
    t.detected_on_latest < d.diagnosed_on - 60 as is_fault,
    t.detected_on_latest - d.diagnosed_on as measure
from core.metastasis as t
join (
    select patient_id, min(diagnosed_on_earliest) as diagnosed_on from core.tumour group by patient_id
) as d using (patient_id)
where t.detected_on_latest is not null and d.diagnosed_on is not null
