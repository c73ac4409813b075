/*
sentence:
  en: An entity that metastasises rarely is recorded with distant metastases.
  zh: 极少转移的中间型肿瘤记录了远处转移。
severity: warning
action: report_only
channel: report
kahn: plausibility
scope: row
tables: [tumour]
fields: [histology]
advice:
  en: Confirm the diagnosis; a malignant form may be meant.
  zh: 请确认诊断；可能为其恶性型。
source: own; WHO 2020, intermediate tumours
*/
select t.centre, 'tumour' as table_name, t.patient_id, t.record_key, 'histology' as field,
    t.metastatic_on_earliest is not null as is_fault
from core.tumour as t
where t.behaviour = '1'
