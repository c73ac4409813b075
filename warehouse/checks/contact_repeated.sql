/*
sentence:
  en: The same contact stands in two records.
  zh: 同一次随访出现在两条记录中。
severity: warning
action: report_only
channel: report
kahn: plausibility
scope: table
tables: [follow_up]
fields: [contact_on]
advice:
  en: Remove one of the two records.
  zh: 请删除其中一条记录。
source: own
*/
select t.centre, 'follow_up' as table_name, t.patient_id, t.record_key, 'contact_on' as field,
    row_number() over (partition by t.patient_id, t.contact_on, t.contact_type_code, t.status_code, t.death_on order by t.record_key) > 1 as is_fault
from core.follow_up as t
where t.contact_on is not null
