/*
sentence:
  en: The dose cannot be right in its unit.
  zh: 剂量在该单位下不合理。
severity: warning
action: report_only
channel: report
kahn: plausibility
scope: row
tables: [drug_exposure]
fields: [dose, dose_unit]
advice:
  en: Check dose and unit.
  zh: 请核对剂量和单位。
source: own; mg up to 20 g (ifosfamide), mg/kg up to 50, mg/m2 up to 15 g (methotrexate)
*/
select t.centre, 'drug_exposure' as table_name, t.patient_id, t.record_key, 'dose' as field,
    case t.dose_unit
        when 'mg' then t.dose > 20000
        when 'mg/kg' then t.dose > 50
        when 'mg/m2' then t.dose > 15000
    end as is_fault,
    t.dose as measure
from core.drug_exposure as t
where t.dose is not null
