/*
sentence:
  en: The primary site is a lymph node, the blood, an ill-defined region or unknown.
  zh: 原发部位为淋巴结、血液、不明确部位或未知。
severity: warning
action: report_only
channel: report
kahn: plausibility
scope: row
tables: [tumour]
fields: [topography]
advice:
  en: Give the organ or region where the sarcoma began.
  zh: 请提供肉瘤的起源器官或部位。
source: own; C42, C76, C77 and C80 are no organ sites (SEER site recode)
*/
select t.centre, 'tumour' as table_name, t.patient_id, t.record_key, 'topography' as field,
    left(t.topography_code, 3) in ('C42', 'C77', 'C80') as is_fault
from core.tumour as t
where t.topography_code is not null
