/*
sentence:
  en: More than 400 days lie between a contact and the news before it.
  zh: 本次随访与前次消息相隔400天以上。
severity: info
action: report_only
channel: report
kahn: completeness
scope: table
tables: [follow_up, response_assessment, drug_exposure]
fields: [contact_on]
advice:
  en: Send the contacts and imaging in between, if there were any.
  zh: 如其间有随访或影像检查，请补充。
source: own; survival gate. Sarcoma is followed at least yearly for ten years (ESMO-EURACAN 2021), so that a visit is missing
*/
with
    news as (
        select patient_id, contact_on_latest as day, record_key, centre from core.follow_up
        where contact_on_latest is not null and death_on_earliest is null
        union all
        select patient_id, assessed_on_latest, null, null from core.response_assessment where assessed_on_latest is not null
        union all
        select patient_id, greatest(started_on_latest, stopped_on_latest), null, null
        from core.drug_exposure
        where started_on_latest is not null
    ),

    paced as (
        select *, max(day) over (
            partition by patient_id order by day range between unbounded preceding and interval 1 day preceding
        ) as day_before
        from news
    )

select centre, 'follow_up' as table_name, patient_id, record_key, 'contact_on' as field,
    day - day_before > 400 as is_fault, day - day_before as measure
from paced
where record_key is not null and day_before is not null
