/*
sentence:
  en: A tumour of a limb is called midline or not paired.
  zh: 肢体肿瘤的侧别填写为中线或非成对器官。
severity: warning
action: report_only
channel: report
kahn: plausibility
scope: row
tables: [tumour]
fields: [laterality]
advice:
  en: Give the side, left or right.
  zh: 请提供左侧或右侧。
source: own
*/
select t.centre, 'tumour' as table_name, t.patient_id, t.record_key, 'laterality' as field,
    t.laterality_code in ('M', 'none') as is_fault
from core.tumour as t
where t.laterality_code is not null and left(t.topography_code, 5) in ('C40.0', 'C40.1', 'C40.2', 'C40.3', 'C47.1', 'C47.2', 'C49.1', 'C49.2')
