-- grain: one row per assessment
select * from staging.response_assessment
