-- grain: one row per local treatment
select * from staging.procedure
