/*
sentence:
  en: The drug is not given.
  zh: 未提供药物名称。
severity: error
action: report_only
channel: report
kahn: completeness
scope: row
tables: [drug_exposure]
fields: [agent]
advice:
  en: Give the drug or regimen.
  zh: 请提供药物或方案名称。
source: own
*/
select t.centre, 'drug_exposure' as table_name, t.patient_id, t.record_key, 'agent' as field,
    t.agent_source is null as is_fault
from staging.drug_exposure as t
