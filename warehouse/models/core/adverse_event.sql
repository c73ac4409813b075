-- grain: one row per adverse event
select * from staging.adverse_event
