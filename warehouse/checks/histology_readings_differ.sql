/*
sentence:
  en: Two readings of one tumour name entities of different histology groups.
  zh: 同一肿瘤的不同病理诊断属于不同的组织学分组。
severity: warning
action: report_only
channel: report
kahn: plausibility
scope: table
tables: [tumour]
fields: [histology]
advice:
  en: Confirm the later reading. Both diagnoses stay; central review counts before expert re-read before local.
  zh: 请确认后一次诊断。各次诊断均保留；中心复核优先于专家会诊，专家会诊优先于本院诊断。
source: own
*/
select centre, 'tumour' as table_name, patient_id, record_key, 'histology' as field, is_group_changed as is_fault
from mart.histology_review
where is_group_changed is not null
