-- who may leave: persons who have not withdrawn from the use of their data
create temp view may_leave as
select patient_id
from core.patient
where coalesce(withdrawal_scope_code, '') not in ('no_further_use', 'erase');

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
