-- grain: one row per patient whose end points are derived: the cohort, and those in doubt of their histology alone
select
    member.patient_id,
    member.centre,
    member.is_doubtful,
    member.index_on,
    member.cut_off_on,
    centre.assessment_interval_days
from staging.member as member
join meta.centre as centre using (centre)
