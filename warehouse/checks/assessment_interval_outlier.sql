/*
sentence:
  en: The usual time between two assessments differs from that at the other centres by more than a half.
  zh: 两次评估的通常间隔与其他中心相差一半以上。
severity: warning
action: report_only
channel: report
kahn: plausibility
scope: cross_centre
tables: [response_assessment]
fields: [assessed_on]
advice:
  en: Say how often imaging is planned, and send assessments that are missing.
  zh: 请说明计划的影像检查间隔，并补交缺失的评估。
source: own; half as long again tells 12 weeks from 8; no alarm in ten clean demonstrations
*/
-- Medians over at least 20 gaps here and elsewhere; progression-free survival depends on how often one looks.
with
    gap as (
        select centre,
            assessed_on - lag(assessed_on) over (partition by patient_id order by assessed_on, record_key) as days
        from staging.response_assessment
        where assessed_on is not null
    ),

    usual as (
        select here.centre,
            (select quantile_disc(days, 0.5) from gap where gap.centre = here.centre and days > 0) as days_here,
            (select quantile_disc(days, 0.5) from gap where gap.centre <> here.centre and days > 0) as days_there,
            (select count(*) from gap where gap.centre = here.centre and days > 0) as gaps_here,
            (select count(*) from gap where gap.centre <> here.centre and days > 0) as gaps_there
        from (select distinct centre from gap) as here
    )

select centre, 'response_assessment' as table_name, null as patient_id, null as record_key, 'assessed_on' as field,
    2 * days_here > 3 * days_there or 3 * days_here < 2 * days_there as is_fault
from usual
where gaps_here >= 20 and gaps_there >= 20
