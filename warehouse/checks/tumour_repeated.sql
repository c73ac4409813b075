/*
sentence:
  en: The same reading of a tumour stands in two records.
  zh: 同一肿瘤的同一诊断出现在两条记录中。
severity: warning
action: report_only
channel: report
kahn: plausibility
scope: table
tables: [tumour]
fields: [histology]
advice:
  en: Remove one of the two records, or correct what tells them apart.
  zh: 请删除其中一条，或更正区别之处。
source: own
*/
select t.centre, 'tumour' as table_name, t.patient_id, t.record_key, 'histology' as field,
    row_number() over (
        partition by t.patient_id, t.tumour_sequence, t.entity_code, t.topography_code, t.diagnosed_on, t.review_code
        order by t.record_key
    ) > 1 as is_fault
from core.tumour as t
where t.entity_code is not null and t.diagnosed_on is not null
