/*
sentence:
  en: The same person is registered at another centre.
  zh: 同一患者在另一中心也有登记。
severity: info
action: report_only
channel: report
kahn: plausibility
scope: cross_centre
tables: [patient]
fields: [link_token]
advice:
  en: No answer is needed; the person counts where the first qualifying dose was given.
  zh: 无需答复；患者计入首次给予合格药物的中心。
source: own
*/
select p.centre, 'patient' as table_name, p.patient_id, p.record_key, 'link_token' as field,
    count(*) over (partition by p.link_token) > 1 as is_fault
from core.patient as p
where p.link_token is not null
