/*
sentence:
  en: The last news of the person is earlier than in the last delivery.
  zh: 患者的最近随访日期早于上次提交。
severity: warning
action: report_only
channel: report
kahn: plausibility
scope: last_delivery
tables: [follow_up]
fields: [contact_on]
explained_by: [dead_returned, record_vanished]
advice:
  en: Send the later contact again, or say why it was wrong.
  zh: 请重新提交较晚的随访，或说明其错误原因。
source: own
*/
with
    now as (
        select centre, patient_id, max(news_on) as day, arg_max(record_key, (news_on, record_key)) as record_key
        from (select *, greatest(contact_on_latest, death_on_latest) as news_on from staging.follow_up)
        where news_on is not null
        group by all
    ),

    told as (
        select centre, patient_id, max(greatest(contact_on_earliest, death_on_earliest)) as day
        from staging.before_follow_up
        group by all
    )

select now.centre, 'follow_up' as table_name, now.patient_id, now.record_key, 'contact_on' as field,
    now.day < told.day as is_fault
from now
join told using (centre, patient_id)
where now.day is not null and told.day is not null
