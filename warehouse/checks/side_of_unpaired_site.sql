/*
sentence:
  en: A left or right side is given for an organ that is not paired.
  zh: 非成对器官填写了左侧或右侧。
severity: warning
action: report_only
channel: report
kahn: plausibility
scope: row
tables: [tumour]
fields: [laterality]
advice:
  en: Check side and primary site.
  zh: 请核对侧别和原发部位。
source: SEER coding of laterality, in general
*/
select t.centre, 'tumour' as table_name, t.patient_id, t.record_key, 'laterality' as field,
    left(t.topography_code, 3) in ('C15', 'C16', 'C19', 'C20', 'C21', 'C25', 'C53', 'C54', 'C55', 'C61', 'C67', 'C73') as is_fault
from core.tumour as t
where t.laterality_code in ('L', 'R') and t.topography_code is not null
