-- what the demo lacks, on a copy of its tables
create temp table some_patient as
select patient_id, row_number() over (order by patient_id) as n
from core.patient
where withdrawal_scope_code is null and patient_id in (select patient_id from core.tumour);

update core.patient set born_on_earliest = null, born_on_precision = null
where patient_id in (select patient_id from some_patient where n <= 2);

update core.patient set sex_code = null
where patient_id in (select patient_id from some_patient where n between 3 and 5);

update core.tumour set entity_code = null, histology_source = null, morphology_code = null, topography_code = null, size_mm = 40
where patient_id in (select patient_id from some_patient where n = 1);

update core.tumour set
    stage_code = 'IIA', stage_source = 'IIa', laterality_code = 'B', diagnosis_basis_code = 'histology',
    fnclcc_grade = '2', diagnosed_on_earliest = '2020-05-01', diagnosed_on_latest = '2020-05-31',
    diagnosed_on_precision = 'month'
where patient_id in (select patient_id from some_patient where n between 10 and 16);

delete from core.metastasis where patient_id in (select patient_id from some_patient where n between 20 and 24);

update core.procedure set
    started_on_earliest = null, started_on_precision = null, stopped_on_earliest = null, stopped_on_latest = null,
    stopped_on_precision = null
where record_key in (
    select min(record_key) from core.procedure
    where patient_id in (select patient_id from some_patient) group by type_code
);
update core.procedure set type_code = 'ablation', type_source = 'RFA', dose_gy = null
where record_key = (select max(record_key) from core.procedure where type_code = 'surgery' and patient_id in (select patient_id from some_patient));
update core.procedure set stopped_on_earliest = '1999-01-01', stopped_on_latest = '1999-01-01', stopped_on_precision = 'day'
where record_key = (select max(record_key) from core.procedure where type_code = 'surgery' and patient_id in (select patient_id from some_patient));

update core.drug_exposure set
    started_on_earliest = null, started_on_precision = null, stopped_on_earliest = null, stopped_on_latest = null,
    stopped_on_precision = null
where record_key = (select max(record_key) from core.drug_exposure where patient_id in (select patient_id from some_patient));

update core.drug_exposure set
    started_on_earliest = '2021-05-03', started_on_precision = 'day', stopped_on_earliest = '2021-05-01',
    stopped_on_latest = '2021-05-31', stopped_on_precision = 'month'
where record_key = (
    select min(record_key) from core.drug_exposure
    where is_administered is distinct from false and patient_id in (select patient_id from some_patient where n = 30)
);

update core.drug_exposure set is_administered = false
where record_key = (select min(record_key) from core.drug_exposure where dose_unit = 'mg/m2' and patient_id in (select patient_id from some_patient));

update core.response_assessment set overall_code = 'iUPD', criteria_code = 'iRECIST'
where record_key = (select max(record_key) from core.response_assessment where overall_code = 'PD' and patient_id in (select patient_id from some_patient));

insert into core.biomarker by name
select
    p.centre, p.patient_id, p.patient_id || '/biomarker/' || marker.key as record_key,
    marker.* exclude (n, key)
from (
    values
        (6, '1', 'Ki-67', 'ki_67', 30.0, null, '%', '2021-03-04'::date, '2021-03-04'::date, 'day'),
        (6, '2', 'PD-L1', 'pd_l1', 5.0, 'combined positive score', 'CPS', '2021-03-01', '2021-03-31', 'month'),
        (7, '3', 'FISH "MDM2"' || chr(10) || 'reference":"X/', 'mdm2_amplification', null,
            'amplified "reference":"Y/null":null,', null, null, null, null),
        (8, '4', 'LDH', 'ldh', 250, null, 'U/L', '2022-01-01', '2022-12-31', 'year'),
        (8, '5', 'TMB', 'tmb', null, null, null, null, null, null)
) as marker (
    n, key, name_source, name_code, value_number, value_text, unit,
    specimen_on_earliest, specimen_on_latest, specimen_on_precision
)
join some_patient using (n)
join core.patient as p on p.patient_id = some_patient.patient_id;

update core.biomarker set assay = '22C3' where name_code = 'pd_l1';
