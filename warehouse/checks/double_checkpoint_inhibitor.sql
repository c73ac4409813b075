/*
sentence:
  en: A PD-1 and a PD-L1 inhibitor were started on the same day.
  zh: 同一天开始使用PD-1和PD-L1抑制剂。
severity: warning
action: report_only
channel: report
kahn: plausibility
scope: table
tables: [drug_exposure]
fields: [agent]
advice:
  en: Check both drugs; they are not given together.
  zh: 请核对两种药物；两者不联合使用。
source: own
*/
select t.centre, 'drug_exposure' as table_name, t.patient_id, t.record_key, 'agent' as field,
    min(t.class_code) over same_day <> max(t.class_code) over same_day as is_fault
from core.drug_exposure as t
where t.class_code in ('PD-1', 'PD-L1') and t.started_on is not null
window same_day as (partition by t.patient_id, t.started_on)
