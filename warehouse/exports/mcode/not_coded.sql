-- grain: one row per use and code that goes out without the SNOMED CT identifier mCODE wants, with its values
with told as (
    select 'laterality' as use, laterality_code as code from one_reading

    union all

    select 'evidence' as use, diagnosis_basis_code as code from one_reading

    union all

    select 'grade' as use, fnclcc_grade as code from one_reading

    union all

    select 'trend' as use, overall_code as code from core.response_assessment

    union all

    -- one identifier is enough: the modality's, else the evidence's
    select
        'evidence' as use,
        case
            when by_modality.piece is not null then a.modality_code
            when by_evidence.piece is not null then a.evidence_code
            else coalesce(by_modality.code, by_evidence.code)
        end as code
    from core.response_assessment as a
    left join standard_code as by_modality on by_modality.use = 'evidence' and by_modality.code = a.modality_code
    left join standard_code as by_evidence on by_evidence.use = 'evidence' and by_evidence.code = a.evidence_code
    where a.overall_code is not null

    union all

    select unnest(['normalization', 'termination', 'intent']) as use,
        unnest([d.dose_unit, case when not coalesce(d.is_ongoing, false) then d.stop_reason_code end, s.setting_code]) as code
    from core.drug_exposure as d
    left join drug_setting as s using (centre, record_key)
    where
        d.is_administered is distinct from false
        and coalesce(d.agent_code, d.class_code, d.agent_source) is not null

    union all

    select 'intent' as use, intent_code as code from core.procedure

    union all

    select 'radiotherapy' as use, 'course' as code from core.procedure where type_code = 'radiotherapy'
)
select use, code, count(*) as rows
from told
join standard_code using (use, code)
where is_place and piece is null
group by use, code
order by use, code
