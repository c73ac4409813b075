-- grain: one row per person and site of distant disease
select * from staging.metastasis
