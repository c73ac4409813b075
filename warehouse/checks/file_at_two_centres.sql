/*
sentence:
  en: The same file was delivered by another centre too.
  zh: 另一中心也提交了相同的文件。
severity: error
action: report_only
channel: report
kahn: conformance
scope: cross_centre
tables: []
fields: []
advice:
  en: Check that the file is your centre's own.
  zh: 请确认文件属于本中心。
source: own
*/
select f.centre, 'patient' as table_name, null as patient_id, null as record_key, null as field,
    bool_or(f.bytes > 0 and other.sha256 is not null) as is_fault
from meta.delivery_file as f
left join (
    select sha256 from meta.delivery_file group by sha256 having count(distinct centre) > 1
) as other using (sha256)
group by f.centre
