/*
sentence:
  en: Only the class of the drug is known, not the drug.
  zh: 只知道药物类别，不知道具体药物。
severity: warning
action: report_only
channel: report
kahn: completeness
scope: row
tables: [drug_exposure]
fields: [agent]
advice:
  en: Give the drug's generic or brand name.
  zh: 请提供药物通用名或商品名。
source: own
*/
select distinct centre, table_name, patient_id, record_key, field,
    regexp_matches(code, '(^|\+)class:') as is_fault
from staging.coded_cell
where list = 'drug' and table_name = 'drug_exposure' and code is not null
