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
with
    suspected as (
        select unnest([patient_id, other_patient_id]) as patient_id
        from quality.link
        where centre <> other_centre
            and (decision = 'same' or (decision <> 'different' and band in ('strong', 'probable')))
    )

select p.centre, 'patient' as table_name, p.patient_id, p.record_key, 'link_token' as field,
    p.patient_id in (select patient_id from suspected) as is_fault
from core.patient as p
where p.link_token is not null or p.patient_id in (select patient_id from suspected)
