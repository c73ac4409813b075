/*
sentence:
  en: Of the living, fewer have news from the last year before the cut-off than at the other centres, by more than 50 points.
  zh: 存活患者中，截止日前一年内有随访者的比例较其他中心低50个百分点以上。
severity: warning
action: report_only
channel: report
kahn: completeness
scope: cross_centre
tables: [follow_up]
fields: [contact_on]
advice:
  en: Follow up the living, and send the last contact.
  zh: 请随访存活患者并提交最近联系日期。
source: own; chance alone does it at less than 1 of 100 centres of the least size (binomial); no alarm in ten clean demonstrations
*/
with
    living as (
        select f.centre, f.patient_id, max(f.contact_on_latest) >= any_value(c.cut_off_on) - 365 as is_recent
        from staging.follow_up as f
        join meta.centre as c on c.centre = f.centre
        where f.contact_on_latest is not null
        group by f.centre, f.patient_id
        having not coalesce(bool_or(f.status_code = 'dead' or f.death_on_earliest is not null), false)
    ),

    counted as (select centre, count(*) filter (is_recent) as recent, count(*) as n from living group by centre),

    compared as (
        select *, (sum(recent) over () - recent)::bigint as recent_there, (sum(n) over () - n)::bigint as n_there
        from counted
    )

select centre, 'follow_up' as table_name, null as patient_id, null as record_key, 'contact_on' as field,
    (recent_there * n - recent * n_there) * 2 > n * n_there as is_fault
from compared
where n >= 8 and n_there >= 8
