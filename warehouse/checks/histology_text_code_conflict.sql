/*
sentence:
  en: The words of the diagnosis and its code name different entities.
  zh: 诊断文字与编码不一致。
severity: error
action: query
channel: query
kahn: plausibility
scope: row
tables: [tumour]
fields: [histology]
advice:
  en: Say which of the two holds.
  zh: 请确认以文字还是编码为准。
source: own; one ICD-O code can belong to several entities, so the morphology is compared
*/
select t.centre, 'tumour' as table_name, t.patient_id, t.record_key, 'histology' as field,
    t.entity_code is null as is_fault
from core.tumour as t
join reference.term_map as words
    on words.list = 'histology' and words.centre = t.centre and words.text = t.histology_source
    and words.entity_code is not null
join reference.term_map as code
    on code.list = 'histology' and code.centre = t.centre and code.text = t.morphology_source
    and code.entity_code is not null
