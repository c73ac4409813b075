-- pieces of FHIR resources, as JSON; a null is no piece, and whatever is null when all is written is dropped
create temp macro listed(pieces) as
    case when len(list_filter(pieces, lambda piece: piece is not null)) > 0
        then list_filter(pieces, lambda piece: piece is not null)
    end;

-- a UUID of the record's own, the same in every refresh: version 8 (made by a rule of ours), from a SHA-256
create temp macro uuid_of(digest) as concat_ws(
    '-', digest[1:8], digest[9:12], '8' || digest[14:16], 'a' || digest[18:20], digest[21:32]
);
create temp macro id_of(kind, centre_name, key) as uuid_of(sha256(concat_ws('/', kind, centre_name, key)));
create temp macro reference_to(kind, id) as case when id is not null then to_json({'reference': kind || '/' || id}) end;
create temp macro patient_ref(patient) as reference_to('Patient', id_of('patient', null, patient));

create temp macro profile_of(name) as
    to_json({'profile': ['http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-' || name]});
create temp macro core_profile_of(name) as
    to_json({'profile': ['http://hl7.org/fhir/us/core/StructureDefinition/us-core-' || name]});

-- codes of the registry's own lists (CodeSystem.ndjson has them), with the English label, and their equals in standards
create temp table own_code as
select
    list, code, label_en as label,
    to_json({'system': 'urn:sarcreg:codes:' || list, 'code': code, 'display': label_en}) as piece
from reference.code;

-- a place is a code that mCODE wants as a SNOMED CT identifier: without the licensed file of the home it has no piece
create temp table standard_code as
select
    use, code, value, place.code is not null as is_place,
    case when value is not null then to_json({'system': system, 'code': value}) end as piece
from mcode_code
full join mcode_place as place using (use, code);

create temp macro coding(system_uri, its_code) as
    case when its_code is not null then to_json({'system': system_uri, 'code': its_code}) end;
create temp macro fixed(system_uri, its_code) as to_json({'coding': [{'system': system_uri, 'code': its_code}]});
create temp macro concept(codings, words) as case
    when words is not null or listed(codings) is not null then to_json({'coding': listed(codings), 'text': words})
end;
create temp macro icdo3(its_code) as coding('http://terminology.hl7.org/CodeSystem/icd-o-3', its_code);

create temp macro absent(reason) as
    to_json([{'url': 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', 'valueCode': reason}]);
create temp macro unknown() as to_json({'extension': absent('unknown')});

create temp macro mcode_extension(name, content) as case
    when content is not null then to_json({
        'url': 'http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-' || name, 'valueCodeableConcept': content
    })
end;
create temp macro about_tumour(id) as case
    when id is not null then to_json({
        'url': 'http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-related-condition',
        'valueReference': reference_to('Condition', id)
    })
end;

create temp macro body_site(site_code, site_label, side) as case
    when site_code is not null or side is not null then to_json({
        'coding': listed([icdo3(site_code)]),
        'text': site_label,
        'extension': listed([mcode_extension('laterality-qualifier', concept([side], null))])
    })
end;

create temp macro category(system_uri, its_code) as [fixed(system_uri, its_code)];
create temp macro observation_category(its_code) as
    category('http://terminology.hl7.org/CodeSystem/observation-category', its_code);

-- US Core wants a whole day in effectiveDateTime (us-core-1): what is known in part is a period within that month or year
create temp macro effective_time(earliest, known_to) as case when known_to = 'day' then iso_date(earliest, known_to) end;
create temp macro effective_period(earliest, known_to) as case
    when known_to in ('month', 'year')
        then to_json({'start': iso_date(earliest, known_to), 'end': iso_date(earliest, known_to)})
end;
-- FHIR cannot compare 2021-05-03 with 2021-05, so a date beside one that is known less well but agrees is cut to it
create temp macro cut_to(date_text, other) as case
    when starts_with(date_text, other) then other
    else date_text
end;
-- a period that would end before it starts is told by its start alone
create temp macro span(from_earliest, from_known_to, to_earliest, to_latest, to_known_to) as case
    when from_earliest is not null or to_earliest is not null then to_json({
        'start': cut_to(iso_date(from_earliest, from_known_to), iso_date(to_earliest, to_known_to)),
        'end': case
            when from_earliest is null or to_latest >= from_earliest
                then cut_to(iso_date(to_earliest, to_known_to), iso_date(from_earliest, from_known_to))
        end
    })
    else unknown()
end;

create temp view tumour_id as
select patient_id, centre, record_key, id_of('tumour', centre, record_key) as id, is_index,
    count(*) over (partition by patient_id) as tumours
from one_reading;

-- the setting of the line that a drug belongs to
create temp view drug_setting as
select given.centre, given.record_key, any_value(line.setting_code) as setting_code
from drug_of_line as given
join core.treatment_line as line on line.centre = given.line_centre and line.record_key = given.line_key
group by given.centre, given.record_key;

-- the tumour that treatment and course are about
create temp view main_tumour as
select patient_id, min(id) as tumour
from tumour_id
where is_index or tumours = 1
group by patient_id;
