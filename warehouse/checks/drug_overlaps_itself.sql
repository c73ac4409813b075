/*
sentence:
  en: The same drug is started again before its earlier record ends.
  zh: 同一药物前一记录未结束又重新开始。
severity: warning
action: report_only
channel: report
kahn: plausibility
scope: table
tables: [drug_exposure]
fields: [started_on]
advice:
  en: Check the dates of both records, or join them.
  zh: 请核对两条记录的日期，或合并。
source: own
*/
select t.centre, 'drug_exposure' as table_name, t.patient_id, t.record_key, 'started_on' as field,
    t.started_on < max(t.stopped_on) over earlier as is_fault
from core.drug_exposure as t
where t.agent_code is not null and t.started_on is not null
window earlier as (
    partition by t.patient_id, t.agent_code order by t.started_on range between unbounded preceding and interval 1 day preceding
)
