-- grain: one row per line of systemic treatment
-- A stated line is a range of ordinal numbers; the setting as sent wins over the one the words imply.
select
    line.* replace (coalesce(line.setting_code, stated.setting_code) as setting_code),
    stated.line_min,
    stated.line_max,
    case when stated.code is not null then 'stated' end as line_basis_code
from staging.treatment_line as line
left join reference.term_map as term
    on term.list = 'line' and term.centre = line.centre and term.text = line.line_stated_source
left join reference.line as stated on stated.code = term.code
