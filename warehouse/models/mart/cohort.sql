-- grain: one row per patient of the cohort
select * from staging.member where not is_doubtful
