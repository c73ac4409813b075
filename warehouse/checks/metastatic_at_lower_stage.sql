/*
sentence:
  en: Metastases were there at diagnosis, but the stage is below IV.
  zh: 诊断时已有转移，但分期低于IV期。
severity: warning
action: report_only
channel: report
kahn: plausibility
scope: row
tables: [tumour]
fields: [stage]
advice:
  en: Check the stage and the day of metastasis.
  zh: 请核对分期和转移日期。
source: own; AJCC, 8th edition
*/
select t.centre, 'tumour' as table_name, t.patient_id, t.record_key, 'stage' as field,
    t.metastatic_on_latest <= t.diagnosed_on_earliest as is_fault,
    t.metastatic_on_latest - t.diagnosed_on_earliest as measure
from core.tumour as t
where t.metastatic_on_latest is not null and t.diagnosed_on_earliest is not null and t.stage_code is not null
    and not (starts_with(t.stage_code, 'IV') or t.stage_code = 'metastatic')
