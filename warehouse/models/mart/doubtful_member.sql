-- grain: one row per patient whom only an unresolved histology keeps out of the cohort
select * from staging.member where is_doubtful
