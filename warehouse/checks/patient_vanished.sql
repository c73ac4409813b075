/*
sentence:
  en: The person was in the last delivery and is in this one no more.
  zh: 上次提交中有该患者，本次提交中已不存在。
severity: error
action: query
channel: query
kahn: completeness
scope: last_delivery
tables: [patient]
fields: []
is_critical: true
advice:
  en: Send the person again, or say why the record was removed (withdrawal, merged number, error).
  zh: 请重新提交该患者，或说明删除原因（撤回、编号合并、错误）。
source: own
*/
select b.centre, 'patient' as table_name, b.patient_id, b.record_key, null as field, n.patient_id is null as is_fault
from staging.before_patient as b
left join staging.patient as n using (centre, patient_id)
