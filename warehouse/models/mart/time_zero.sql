-- grain: one row per core patient
-- Time zero is the first administered dose of a qualifying checkpoint inhibitor in metastatic disease.
with
    line as (
        -- a line known by its month alone counts from the first day it can mean
        select patient_id, record_key, started_on, started_on_earliest, stopped_on_latest, line_min, line_max,
            line_basis_code, ecog, setting_code,
            lead(started_on_earliest) over (
                partition by patient_id order by started_on_earliest, record_key
            ) as next_started_on
        from core.treatment_line
        where started_on_earliest is not null
    ),

    dose as (
        -- each administered dose of a checkpoint inhibitor with the line it was given in
        select
            exposure.patient_id,
            exposure.record_key,
            exposure.agent_code,
            exposure.class_code,
            exposure.started_on,
            line.record_key as line_record_key,
            line.started_on as line_started_on,
            line.line_min,
            line.line_max,
            line.line_basis_code,
            line.ecog,
            line.setting_code
        from core.drug_exposure as exposure
        left join line
            on line.patient_id = exposure.patient_id
            and line.started_on_earliest <= exposure.started_on
            and (line.next_started_on is null or line.next_started_on > exposure.started_on)
            -- a line that ended well before does not contain the dose (the days of check drug_outside_lines)
            and (line.stopped_on_latest is null or line.stopped_on_latest + 14 >= exposure.started_on)
        where exposure.is_checkpoint_inhibitor
            and exposure.started_on is not null
            and exposure.is_administered is distinct from false
    ),

    first_dose as (
        select *
        from dose
        qualify row_number() over (partition by patient_id order by started_on, record_key) = 1
    ),

    qualifying as (
        select dose.*
        from dose
        join staging.disease as disease using (patient_id)
        where disease.is_metastatic
            and dose.started_on >= disease.metastatic_on - getvariable('metastatic_tolerance_days')::int
            and coalesce(dose.setting_code, 'palliative') not in ('adjuvant', 'neoadjuvant', 'perioperative')
        qualify row_number() over (partition by dose.patient_id order by dose.started_on, dose.record_key) = 1
    ),

    partner as (
        -- given on day 0 and not stopped, or started within the window; a later partner never changes the group
        select
            qualifying.patient_id,
            coalesce(list_sort(list(distinct exposure.component_code) filter (exposure.component_code is not null)), [])
                as partner_components,
            -- 'TKI' and 'targeted' may block VEGF or not; a drug nobody could name may be anything
            bool_or(exposure.component_code is null) as has_unclear_partner,
            bool_or(exposure.component_code is null and coalesce(exposure.class_code, '') not in ('tki', 'targeted'))
                as has_unnamed_partner
        from qualifying
        join core.drug_exposure as exposure using (patient_id)
        left join reference.term_map as term
            on term.list = 'drug' and term.centre = exposure.centre and term.text = exposure.agent_source
        where (exposure.component_code is not null or coalesce(term.needs_query, false))
            and exposure.is_administered is distinct from false
            and not coalesce(exposure.is_checkpoint_inhibitor, false)
            and (
                (exposure.started_on_latest <= qualifying.started_on
                    and coalesce(exposure.stopped_on_latest, date '9999-12-31') >= qualifying.started_on)
                or exposure.started_on_latest - qualifying.started_on
                    between 1 and getvariable('combination_window_days')::int
            )
        group by qualifying.patient_id
    ),

    zero as (
        select
            patient.patient_id,
            patient.centre,
            qualifying.started_on as index_on,
            first_dose.started_on as any_inhibitor_on,
            first_dose.setting_code as any_inhibitor_setting_code,
            qualifying.agent_code as index_agent_code,
            qualifying.class_code as index_class_code,
            qualifying.record_key as index_record_key,
            qualifying.line_record_key,
            qualifying.line_started_on,
            qualifying.started_on - qualifying.line_started_on as line_start_to_io_days,
            qualifying.line_min as line_stated_min,
            qualifying.line_max as line_stated_max,
            trace.line_number as line_derived,
            -- the records may be complete to the line's start and not to the dose
            case
                when qualifying.line_basis_code = 'derived'
                    and (trace.line_number is null or question.from_on <= qualifying.started_on) then 'stated'
                else qualifying.line_basis_code
            end as line_basis_code,
            coalesce(partner.partner_components, []) as partner_components,
            list_contains(coalesce(partner.partner_components, []), 'cytotoxic')
                or case when partner.has_unnamed_partner then null else false end as has_cytotoxic_partner,
            -- a bispecific that also blocks VEGF is a combination by itself
            list_contains(coalesce(partner.partner_components, []), 'antiangiogenic')
                or coalesce(index_drug.also_component_code = 'antiangiogenic', false)
                or case when partner.has_unclear_partner then null else false end as has_antiangiogenic_partner,
            disease.tumour_record_key,
            disease.entity_code,
            disease.entity_code is not null as is_histology_resolved,
            disease.is_soft_tissue_sarcoma or (disease.is_soft_tissue_borderline and disease.is_metastatic)
                as is_soft_tissue_sarcoma,
            disease.behaviour,
            disease.topography_code,
            disease.diagnosed_on,
            disease.metastatic_on,
            disease.is_metastatic,
            disease.is_locally_advanced_only,
            disease.is_other_malignancy_active,
            patient.sex_code,
            patient.born_on_earliest as born_on,
            date_sub(
                'year',
                patient.born_on_earliest,
                coalesce(qualifying.started_on, first_dose.started_on, disease.diagnosed_on_earliest)
            ) as age_years,
            qualifying.ecog,
            patient.legal_basis_code,
            patient.withdrawal_on,
            patient.withdrawal_scope_code,
            centre.cut_off_on
        from core.patient as patient
        join meta.centre as centre using (centre)
        left join staging.disease as disease using (patient_id)
        left join first_dose using (patient_id)
        left join qualifying using (patient_id)
        left join partner using (patient_id)
        left join mart.line_trace as trace
            on trace.patient_id = qualifying.patient_id and trace.record_key = qualifying.record_key
        left join staging.line_question as question on question.patient_id = qualifying.patient_id
        left join reference.drug as index_drug on index_drug.code = qualifying.agent_code
    )

select
    zero.*,
    case when line_basis_code = 'derived' then line_derived else line_stated_min end as line_min,
    case when line_basis_code = 'derived' then line_derived else line_stated_max end as line_max,
    same_person.person_id is not null and index_on is not null and row_number() over (
        partition by coalesce(same_person.person_id, patient_id) order by index_on nulls last, centre, patient_id
    ) > 1 as is_counted_elsewhere
from zero
left join staging.same_person as same_person using (patient_id)
