/*
sentence:
  en: The metastasis lies at the very site of the primary tumour.
  zh: 转移灶部位与原发部位相同。
severity: warning
action: report_only
channel: report
kahn: plausibility
scope: table
tables: [metastasis, tumour]
fields: [site]
advice:
  en: Say whether it is a local recurrence; that is no distant metastasis.
  zh: 请说明是否为局部复发；局部复发不是远处转移。
source: own
*/
select t.centre, 'metastasis' as table_name, t.patient_id, t.record_key, 'site' as field,
    bool_or(t.site_code = d.topography_code) as is_fault
from core.metastasis as t
join core.tumour as d using (patient_id)
where t.site_code is not null and d.topography_code is not null
group by t.centre, t.patient_id, t.record_key
