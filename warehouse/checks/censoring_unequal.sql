/*
sentence:
  en: Of the living of one comparison group, far fewer have news from the last year than of the centre's others.
  zh: 某比较组存活患者中近一年有消息者明显少于本中心其他患者。
severity: warning
action: report_only
channel: report
kahn: plausibility
scope: centre
tables: [follow_up]
fields: [contact_on]
advice:
  en: Follow up the living of this group as often as the others.
  zh: 请对该组存活患者进行同样频率的随访。
source: own; survival gate. Two shares of at least eight each, |z| > 3.29 (two-sided 0.001); no alarm in ten clean demonstrations
*/
with
    living as (
        select c.centre, c.patient_id, c.histology_group, c.line_group, c.regimen_group,
            max(f.contact_on_latest) >= any_value(m.cut_off_on) - 365 as is_recent
        from mart.cohort as c
        join core.follow_up as f using (patient_id)
        join meta.centre as m on m.centre = c.centre
        group by all
        having max(f.contact_on_latest) is not null
            and not coalesce(bool_or(f.status_code = 'dead' or f.death_on_earliest is not null), false)
    ),

    counted as (
        select centre, comparison, label, count(*) filter (is_recent) as recent, count(*) as n
        from (unpivot living on histology_group, line_group, regimen_group into name comparison value label)
        group by all
    ),

    compared as (
        select centre, recent, n,
            (sum(recent) over comparison_of)::bigint as recent_all, (sum(n) over comparison_of)::bigint as n_all
        from counted
        window comparison_of as (partition by centre, comparison)
    )

-- z squared of two shares: (a/n - b/m)^2 / (p (1 - p) (1/n + 1/m)), multiplied out
select centre, 'follow_up' as table_name, null as patient_id, null as record_key, 'contact_on' as field,
    bool_or(
        recent * n_all < recent_all * n
        and (recent * n_all - recent_all * n)::double ** 2 * n_all
            > 10.83 * recent_all * (n_all - recent_all)::double * n * (n_all - n)
    ) as is_fault
from compared
where n >= 8 and n_all - n >= 8
group by centre
