/*
sentence:
  en: A record of the person was in the last delivery and is in this one no more.
  zh: 上次提交中有该患者的此条记录，本次提交中已不存在。
severity: warning
action: report_only
channel: report
kahn: completeness
scope: last_delivery
tables: [tumour, metastasis, biomarker, procedure, treatment_line, drug_exposure, response_assessment, adverse_event, follow_up]
fields: []
advice:
  en: Send the record again, or say why it was removed.
  zh: 请重新提交该记录，或说明删除原因。
source: own
*/
-- Records of persons who are there still; their count per table stands in quality.check_result.
select gone.centre, gone.table_name, gone.patient_id, gone.record_key, null as field, gone.is_fault
from (
    select 'tumour' as table_name, b.centre, b.patient_id, b.record_key, n.record_key is null as is_fault
    from staging.before_tumour as b
    left join staging.tumour as n using (centre, record_key)
    union all
    select 'metastasis' as table_name, b.centre, b.patient_id, b.record_key, n.record_key is null as is_fault
    from staging.before_metastasis as b
    left join staging.metastasis as n using (centre, record_key)
    union all
    select 'biomarker' as table_name, b.centre, b.patient_id, b.record_key, n.record_key is null as is_fault
    from staging.before_biomarker as b
    left join staging.biomarker as n using (centre, record_key)
    union all
    select 'procedure' as table_name, b.centre, b.patient_id, b.record_key, n.record_key is null as is_fault
    from staging.before_procedure as b
    left join staging.procedure as n using (centre, record_key)
    union all
    select 'treatment_line' as table_name, b.centre, b.patient_id, b.record_key, n.record_key is null as is_fault
    from staging.before_treatment_line as b
    left join staging.treatment_line as n using (centre, record_key)
    union all
    select 'drug_exposure' as table_name, b.centre, b.patient_id, b.record_key, n.record_key is null as is_fault
    from staging.before_drug_exposure as b
    left join staging.drug_exposure as n using (centre, record_key)
    union all
    select 'response_assessment' as table_name, b.centre, b.patient_id, b.record_key, n.record_key is null as is_fault
    from staging.before_response_assessment as b
    left join staging.response_assessment as n using (centre, record_key)
    union all
    select 'adverse_event' as table_name, b.centre, b.patient_id, b.record_key, n.record_key is null as is_fault
    from staging.before_adverse_event as b
    left join staging.adverse_event as n using (centre, record_key)
    union all
    select 'follow_up' as table_name, b.centre, b.patient_id, b.record_key, n.record_key is null as is_fault
    from staging.before_follow_up as b
    left join staging.follow_up as n using (centre, record_key)
) as gone
join staging.patient as p on p.centre = gone.centre and p.patient_id = gone.patient_id
