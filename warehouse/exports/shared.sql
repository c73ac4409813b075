-- a date as far as it is known, ISO 8601: 2021-03-05, 2021-03, 2021
create temp macro iso_date(earliest, known_to) as
    case known_to
        when 'day' then strftime(earliest, '%Y-%m-%d')
        when 'month' then strftime(earliest, '%Y-%m')
        when 'year' then strftime(earliest, '%Y')
    end;

create temp macro flag(condition) as case when condition then 'Y' when not condition then 'N' end;

create temp macro label_of(list_name, code_value) as (
    select label_en from reference.code where list = list_name and code = code_value
);

-- of several readings of a tumour the one of the highest standing
create temp view one_reading as
select *
from core.tumour
qualify row_number() over (
    partition by patient_id, coalesce(tumour_sequence::varchar, record_key)
    order by list_position(['central', 'expert', 'local'], review_code) nulls last, record_key
) = 1;

-- each anticancer drug with its line: the last one begun by its first day and not ended before it
create temp view drug_of_line as
select drug.centre, drug.record_key, drug.agent_code, line.record_key as line_key, line.centre as line_centre
from (
    -- an asof join pairs a null with the last row, hence the dated drugs only
    select * from core.drug_exposure where started_on_earliest is not null
) as drug
asof join (
    select *
    from core.treatment_line
    where started_on_earliest is not null and setting_code is distinct from 'none'
    qualify row_number() over (partition by patient_id, started_on_earliest order by centre, record_key) = 1
) as line
    on drug.patient_id = line.patient_id and drug.started_on_earliest >= line.started_on_earliest
where
    drug.is_administered is distinct from false
    and drug.component_code is distinct from 'supportive'
    and (line.stopped_on_latest is null or line.stopped_on_latest >= drug.started_on_earliest);
