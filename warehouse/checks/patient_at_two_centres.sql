/*
sentence:
  en: The same person seems to be registered at another centre.
  zh: 同一患者可能在另一中心也有登记。
severity: info
action: report_only
channel: report
kahn: plausibility
scope: cross_centre
tables: [patient]
fields: [link_token]
advice:
  en: No answer is needed; the registry asks both centres before the two records count as one person.
  zh: 无需答复；登记处会先询问两家中心，再将两份记录视为同一患者。
source: own
*/
select p.centre, 'patient' as table_name, p.patient_id, p.record_key, 'link_token' as field,
    count(*) over (partition by p.link_token) > 1 or p.patient_id in (
        select unnest([patient_id, other_patient_id])
        from quality.link
        where decision = 'same' or (decision <> 'different' and band in ('strong', 'probable'))
    ) as is_fault
from core.patient as p
where p.link_token is not null
