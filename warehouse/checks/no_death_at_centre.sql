/*
sentence:
  en: "No one of at least 20 persons has died: deaths may not be reported."
  zh: 至少20名患者中无人死亡：死亡可能未上报。
severity: warning
action: report_only
channel: report
kahn: plausibility
scope: centre
tables: [follow_up]
fields: [status]
advice:
  en: Check how deaths are recorded and sent.
  zh: 请核对死亡的记录和上报方式。
source: own; two of three die within three years of metastatic sarcoma; no alarm in ten clean demonstrations
*/
select centre, 'follow_up' as table_name, null as patient_id, null as record_key, 'status' as field,
    count(*) filter (status_code = 'dead') = 0 as is_fault
from core.follow_up
where status_code is not null
group by centre
having count(distinct patient_id) >= 20
