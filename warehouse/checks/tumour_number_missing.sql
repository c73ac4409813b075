/*
sentence:
  en: It cannot be told which readings are of one tumour, because they bear no tumour number.
  zh: 缺少肿瘤编号，无法判断哪些诊断属于同一肿瘤。
severity: warning
action: report_only
channel: report
kahn: completeness
scope: table
tables: [tumour]
fields: [tumour_sequence]
advice:
  en: Number the tumours of the person, the same number in every reading of one tumour.
  zh: 请为患者的肿瘤编号，同一肿瘤的各次诊断使用相同编号。
source: own
*/
select centre, 'tumour' as table_name, patient_id, record_key, 'tumour_sequence' as field, is_ambiguous as is_fault
from staging.tumour_reading
where has_several_readings
