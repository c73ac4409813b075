-- grain: one row per centre
with
    account as (
        select centre, sum(delivered) as delivered, sum(loaded) as loaded, sum(quarantined) as quarantined
        from quality.row_account
        group by centre
    ),

    person as (
        select patient.centre, count(*) as patients, count(cohort.patient_id) as cohort
        from core.patient as patient
        left join mart.cohort as cohort using (patient_id)
        group by patient.centre
    ),

    found as (
        select centre, count(*) as findings from quality.finding group by centre
    ),

    asked as (
        select centre, count(*) as open_queries from read.open_query group by centre
    )

select
    centre.*,
    coalesce(account.delivered, 0) as rows_delivered,
    coalesce(account.loaded, 0) as rows_loaded,
    coalesce(account.quarantined, 0) as rows_quarantined,
    coalesce(person.patients, 0) as patients,
    coalesce(person.cohort, 0) as cohort,
    coalesce(found.findings, 0) as findings,
    coalesce(asked.open_queries, 0) as open_queries,
    coalesce(centre.rows, 0) as rows_in_files
from meta.centre as centre
left join account using (centre)
left join person using (centre)
left join found using (centre)
left join asked using (centre)
