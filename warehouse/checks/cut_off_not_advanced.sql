/*
sentence:
  en: The delivery is another, but the day up to which the data are complete has not advanced.
  zh: 提交内容已变，但数据完整截止日期未推进。
severity: warning
action: report_only
channel: report
kahn: conformance
scope: last_delivery
tables: []
fields: []
advice:
  en: Set cut_off_on in centre.yaml to the day of this delivery.
  zh: 请在centre.yaml中将cut_off_on设为本次提交的日期。
source: own
*/
select now.centre, 'patient' as table_name, null as patient_id, null as record_key, null as field,
    now.cut_off_on <= before.cut_off_on as is_fault
from meta.centre as now
join staging.before_centre as before using (centre)
where before.cut_off_on is not null
