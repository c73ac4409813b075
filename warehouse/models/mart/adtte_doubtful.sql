-- grain: one row per patient in doubt of the histology alone and PARAMCD; DOR of responders alone
select * from staging.end_point_adam where is_doubtful
