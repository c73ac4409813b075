-- grain: one row per marker and specimen
select * from staging.biomarker
