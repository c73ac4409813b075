-- grain: one row per patient of the cohort
select
    zero.* exclude (line_min, line_max),
    zero.line_min,
    zero.line_max,
    case when zero.line_min = zero.line_max then zero.line_min end as line,
    case
        when zero.line_min >= 1 and zero.line_max <= 2 then '<=2'
        when zero.line_min > 2 then '>2'
    end as line_group,
    coalesce(histology.histology_group, 'other') as histology_group,
    case
        when has_cytotoxic_partner and has_antiangiogenic_partner then 'io_both'
        when has_cytotoxic_partner then 'io_cytotoxic'
        when has_antiangiogenic_partner then 'io_antiangiogenic'
        else 'io_alone'
    end as regimen_group,
    has_cytotoxic_partner or has_antiangiogenic_partner as is_combination
from mart.time_zero as zero
join reference.histology as histology using (entity_code)
where zero.patient_id not in (select patient_id from mart.exclusion)
