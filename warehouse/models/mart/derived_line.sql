-- grain: one row per line derived from the drug records
select
    centre,
    patient_id,
    ordinal,
    line_number,
    curative_number,
    started_on,
    case when ended_on < date '9999-12-31' then ended_on end as ended_on,
    drugs as regimen,
    case when is_before and line_number is not null then 'R9' else rule_code end as rule_code,
    case when is_before and line_number is not null then 'early_relapse' else reason_code end as reason_code,
    ruleset_version
from staging.derived_line
where is_registry
