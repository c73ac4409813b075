/*
sentence:
  en: The same drug was started twice on the same day.
  zh: 同一天同一药物开始用药记录重复。
severity: warning
action: report_only
channel: report
kahn: plausibility
scope: table
tables: [drug_exposure]
fields: [agent]
advice:
  en: Remove one of the two records.
  zh: 请删除其中一条记录。
source: own
*/
select t.centre, 'drug_exposure' as table_name, t.patient_id, t.record_key, 'agent' as field,
    row_number() over (partition by t.patient_id, t.agent_code, t.started_on order by t.record_key) > 1 as is_fault
from core.drug_exposure as t
where t.agent_code is not null and t.started_on is not null
