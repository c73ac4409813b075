/*
sentence:
  en: The last news of a living person is more than a year older than the cut-off, and nobody says that she is lost.
  zh: 存活患者的最近消息早于截止日一年以上，且未说明失访。
severity: info
action: report_only
channel: report
kahn: completeness
scope: table
tables: [follow_up, response_assessment]
fields: [contact_on]
advice:
  en: Send the last contact, or say that the person is lost to follow-up.
  zh: 请提交最近联系日期，或注明失访。
source: own; survival gate. An old last contact censors early, and the reason may be the outcome
*/
-- News are contacts and imaging; a visit after the cut-off counts as recent.
with
    news as (
        select centre, patient_id, max(day) as last_on
        from (
            select centre, patient_id, contact_on_latest as day from core.follow_up
            union all
            select centre, patient_id, assessed_on_latest from core.response_assessment
        )
        group by centre, patient_id
    ),

    contact as (
        select centre, patient_id,
            max_by(record_key, (contact_on_latest, record_key)) filter (contact_on_latest is not null) as record_key
        from core.follow_up
        group by centre, patient_id
        having max(contact_on_latest) is not null
            and not coalesce(bool_or(status_code in ('dead', 'lost') or death_on_earliest is not null), false)
    )

select centre, 'follow_up' as table_name, patient_id, record_key, 'contact_on' as field,
    last_on < cut_off_on - 365 as is_fault, cut_off_on - last_on as measure
from contact
join news using (centre, patient_id)
join meta.centre using (centre)
where cut_off_on is not null
