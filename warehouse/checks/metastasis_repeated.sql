/*
sentence:
  en: The same site of metastasis stands twice on the same day.
  zh: 同一日期重复填写同一转移部位。
severity: warning
action: report_only
channel: report
kahn: plausibility
scope: table
tables: [metastasis]
fields: [site]
advice:
  en: Remove one of the two records.
  zh: 请删除其中一条记录。
source: own
*/
select t.centre, 'metastasis' as table_name, t.patient_id, t.record_key, 'site' as field,
    row_number() over (partition by t.patient_id, t.site_code, t.detected_on order by t.record_key) > 1 as is_fault
from core.metastasis as t
where t.site_code is not null and t.detected_on is not null
