/*
sentence:
  en: The primary site speaks for another entity than the diagnosis.
  zh: 原发部位提示另一种组织学类型。
severity: warning
action: report_only
channel: report
kahn: plausibility
scope: row
tables: [tumour]
fields: [topography]
advice:
  en: Check the primary site and the diagnosis; the site of a metastasis is not the primary.
  zh: 请核对原发部位和诊断；转移灶部位不是原发部位。
source: site_query of schemas/codes/histology.csv, from SEER's list of sites and types (2015) and WHO 2020; rare sites exist, so it asks and never rejects
*/
select t.centre, 'tumour' as table_name, t.patient_id, t.record_key, 'topography' as field,
    (len(list_filter(string_split(ltrim(h.site_query, '!'), ' '), lambda site: starts_with(t.topography_code, site))) > 0)
        <> starts_with(h.site_query, '!') as is_fault
from core.tumour as t
join reference.histology as h using (entity_code)
where t.topography_code is not null and h.site_query is not null
