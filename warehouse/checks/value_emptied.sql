/*
sentence:
  en: A field without which the person cannot be counted was filled in the last delivery and is empty now.
  zh: 不可缺少的字段在上次提交中有值，本次为空。
severity: warning
action: report_only
channel: report
kahn: completeness
scope: last_delivery
tables: [patient, tumour, follow_up]
fields: []
explained_by: [column_emptied]
advice:
  en: Send the value again, or say that it was wrong.
  zh: 请重新提交该值，或说明原值有误。
source: own
*/
select centre, table_name, patient_id, record_key, field, not is_filled as is_fault
from staging.change
where was_filled and (table_name, field) in (
    ('patient', 'sex'), ('patient', 'born_on'), ('tumour', 'histology'), ('tumour', 'diagnosed_on'),
    ('tumour', 'metastatic_on'), ('drug_exposure', 'agent'), ('drug_exposure', 'started_on'),
    ('response_assessment', 'assessed_on'), ('response_assessment', 'overall'), ('follow_up', 'status')
)
