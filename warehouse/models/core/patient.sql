-- grain: one row per person and centre
select * from staging.patient
