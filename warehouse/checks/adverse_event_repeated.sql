/*
sentence:
  en: The same adverse event of the same day stands twice.
  zh: 同一天同一不良反应重复填写。
severity: warning
action: report_only
channel: report
kahn: plausibility
scope: table
tables: [adverse_event]
fields: [term]
advice:
  en: Remove one of the two records.
  zh: 请删除其中一条记录。
source: own
*/
select t.centre, 'adverse_event' as table_name, t.patient_id, t.record_key, 'term' as field,
    row_number() over (partition by t.patient_id, t.term_code, t.started_on order by t.record_key) > 1 as is_fault
from core.adverse_event as t
where t.term_code is not null and t.started_on is not null
