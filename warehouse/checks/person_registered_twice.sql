/*
sentence:
  en: Two patient numbers of the centre have the same token of the identity number, or the same birth date, sex, day of diagnosis and diagnosis.
  zh: 本中心两个患者编号的身份证件标识相同，或出生日期、性别、诊断日期和诊断均相同。
severity: error
action: report_only
channel: report
kahn: plausibility
scope: centre
tables: [patient, tumour]
fields: []
advice:
  en: Say whether it is one person, and which number holds.
  zh: 请确认是否为同一患者，以及有效编号。
source: own
*/
with
    -- a token of a name or a telephone can be of two persons; one without a type is taken for the identity's
    person as (
        select
            p.centre, p.patient_id, p.record_key, p.sex_code, p.born_on, d.diagnosed_on, d.entity_code,
            coalesce(
                nullif(regexp_extract(p.link_token, '(?:^|\s)(id:\S+)', 1), ''),
                case when p.link_token not like '%:%' then trim(p.link_token) end
            ) as token
        from core.patient as p
        left join (
            select patient_id, min(diagnosed_on) as diagnosed_on, min(entity_code) as entity_code
            from core.tumour
            group by patient_id
        ) as d using (patient_id)
    ),

    compared as (
        select *,
            case when token is not null then count(*) over (partition by centre, token) > 1 end as is_token_shared,
            case
                when born_on is not null and sex_code is not null and diagnosed_on is not null and entity_code is not null
                    then count(*) over (partition by centre, born_on, sex_code, diagnosed_on, entity_code) > 1
            end as is_alike
        from person
    )

select centre, 'patient' as table_name, patient_id, record_key, null as field,
    coalesce(is_token_shared or is_alike, is_token_shared, is_alike) as is_fault
from compared
