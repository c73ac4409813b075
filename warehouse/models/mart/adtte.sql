-- grain: one row per patient of the cohort and PARAMCD; DOR of responders alone
select * from staging.end_point_adam where not is_doubtful
