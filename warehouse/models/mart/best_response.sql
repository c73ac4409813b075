-- grain: one row per patient of the cohort and criteria
select * exclude (is_doubtful) from staging.best_response where not is_doubtful
