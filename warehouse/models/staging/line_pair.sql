-- grain: one row per course and earlier course of the same patient
-- What the earlier drug is to the later one, whatever line they stand in.
select
    later.patient_id,
    later.course,
    earlier.ended_on,
    earlier.has_end,
    -- the last day of a line's start on which the earlier drug is of that line: begun since, or still going on
    greatest(earlier.started_on, earlier.ended_on - 1) as last_start_on,
    case
        when later.is_class or earlier.is_class then
            -- a class without its agent may be any drug of the class or component; 'targeted' any of those two
            case
                when later.class_code = earlier.class_code
                    or later.component_code = earlier.component_code
                    or (coalesce(later.component_code, earlier.component_code, 'other') in ('antiangiogenic', 'other')
                        and (later.component_code is null or earlier.component_code is null))
                    or 'investigational' in (later.class_code, earlier.class_code) then 'class'
                else 'other'
            end
        when later.drug_code = earlier.drug_code then 'same'
        when later.kin_code = earlier.kin_code then 'swap'
        when later.class_code = earlier.class_code and list_contains(setting.swap_classes, later.class_code)
            and later.started_on - earlier.ended_on <= setting.swap_days then 'class_swap'
        else 'other'
    end as kind
from staging.line_course as later
join staging.line_course as earlier
    on earlier.patient_id = later.patient_id and earlier.started_on < later.started_on
cross join (select swap_classes, swap_days from staging.line_setting where is_registry) as setting
