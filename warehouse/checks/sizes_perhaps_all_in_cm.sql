/*
sentence:
  en: The median size of all primaries is below 20 mm; the whole column may be in centimetres.
  zh: 原发灶大小中位数低于20毫米；整列单位可能为厘米。
severity: error
action: report_only
channel: report
kahn: plausibility
scope: centre
tables: [tumour]
fields: [size_mm]
advice:
  en: Check the unit of the column.
  zh: 请核对该列的单位。
source: own; the median of published series is 60 to 100 mm
*/
select centre, 'tumour' as table_name, null as patient_id, null as record_key, 'size_mm' as field,
    median(size_mm) < 20 as is_fault,
    median(size_mm) as measure
from core.tumour
where size_mm is not null
group by centre
having count(*) >= 10
