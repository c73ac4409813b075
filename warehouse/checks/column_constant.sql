/*
sentence:
  en: Every record of the centre has the same value in a field that differs between patients.
  zh: 本中心所有记录在应有差异的字段中取值相同。
severity: warning
action: report_only
channel: report
kahn: plausibility
scope: centre
tables: []
fields: []
advice:
  en: Check the column; a default may have been exported.
  zh: 请核对该列；可能导出了默认值。
source: own; at least 30 persons; no alarm in ten clean demonstrations
*/
-- Sex and response have rules of their own.
with
    cell as (
        select centre, table_name, patient_id, field, coalesce(entity_code, code) as value
        from staging.coded_cell
        where (table_name, field) in (('tumour', 'histology'), ('tumour', 'topography'), ('adverse_event', 'term'))
        union all
        unpivot (
            select centre, 'patient' as table_name, patient_id,
                born_on_earliest::varchar as born_on, registered_on_earliest::varchar as registered_on
            from staging.patient
        ) on born_on, registered_on into name field value value
        union all
        unpivot (
            select centre, 'tumour' as table_name, patient_id, diagnosed_on_earliest::varchar as diagnosed_on,
                metastatic_on_earliest::varchar as metastatic_on, size_mm::varchar as size_mm
            from staging.tumour
        ) on diagnosed_on, metastatic_on, size_mm into name field value value
        union all
        unpivot (
            select centre, 'drug_exposure' as table_name, patient_id, started_on_earliest::varchar as started_on,
                stopped_on_earliest::varchar as stopped_on
            from staging.drug_exposure
        ) on started_on, stopped_on into name field value value
        union all
        unpivot (
            select centre, 'response_assessment' as table_name, patient_id,
                assessed_on_earliest::varchar as assessed_on, target_sum_mm::varchar as target_sum_mm
            from staging.response_assessment
        ) on assessed_on, target_sum_mm into name field value value
        union all
        unpivot (
            select centre, 'follow_up' as table_name, patient_id, death_on_earliest::varchar as death_on
            from staging.follow_up
        ) on death_on into name field value value
    )

select centre, table_name, null as patient_id, null as record_key, field, min(value) = max(value) as is_fault
from cell
where value is not null
group by centre, table_name, field
having count(distinct patient_id) >= 30
