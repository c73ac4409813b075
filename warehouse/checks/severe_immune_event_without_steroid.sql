/*
sentence:
  en: A severe immune-related event was treated without steroids.
  zh: 3级以上免疫相关不良反应未使用激素。
severity: info
action: report_only
channel: report
kahn: plausibility
scope: row
tables: [adverse_event]
fields: [has_steroid]
advice:
  en: Check whether steroids were given; endocrine events need none.
  zh: 请核对是否使用激素；内分泌事件可不用。
source: own; guidelines of ASCO and ESMO, endocrine events aside
*/
select t.centre, 'adverse_event' as table_name, t.patient_id, t.record_key, 'has_steroid' as field,
    not t.has_steroid as is_fault
from core.adverse_event as t
where t.is_immune_related and t.grade in (3, 4) and t.has_steroid is not null
    and t.term_code not in ('Hypothyroidism', 'Hyperthyroidism', 'Adrenal insufficiency')
