/*
sentence:
  en: The cut-off has advanced, but nobody who was alive has later news than in the last delivery.
  zh: 截止日期已推进，但存活患者均无更新的随访。
severity: warning
action: report_only
channel: report
kahn: completeness
scope: last_delivery
tables: [follow_up]
fields: [contact_on]
advice:
  en: Check that follow-up of the new period was exported.
  zh: 请确认已导出新时段的随访。
source: own
*/
with
    told as (
        select centre, patient_id, max(contact_on_latest) as day
        from staging.before_follow_up
        group by all
        having not coalesce(bool_or(status_code = 'dead' or death_on_earliest is not null), false)
    ),

    now as (
        select centre, patient_id, max(greatest(contact_on_latest, death_on_latest)) as day
        from staging.follow_up
        group by all
    )

select told.centre, 'follow_up' as table_name, null as patient_id, null as record_key, 'contact_on' as field,
    not bool_or(now.day > told.day) as is_fault
from told
join now using (centre, patient_id)
join staging.before_centre as before on before.centre = told.centre
join meta.centre as centre on centre.centre = told.centre and centre.cut_off_on > before.cut_off_on
where told.day is not null and now.day is not null
group by told.centre
having count(*) >= 5
