"""Faults that are planted into the clean demonstration, as a table: rule, table, new values, where.

Values and conditions are SQL over the typed rows, `t` being the row that is changed. A day is set with its companions;
a code by the text that a centre would send. tests/rule_power.py plants each in three records, each of a patient of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class Seed:
    """One kind of fault. how: change the record; repeat it under another key with the values; drop it; drop all of the
    patient's records in the table. month: days are given to the month only.
    """

    rule: str
    table: str
    values: dict[str, str] = field(default_factory=dict)
    where: str = "true"
    how: Literal["change", "repeat", "drop", "drop_all"] = "change"
    month: bool = False


def _of(value: str, table: str) -> str:
    return f"(select {value} from {table} as other where other.patient_id = t.patient_id)"


DEATH = _of("max(death_on)", "follow_up")
DIAGNOSED = _of("min(diagnosed_on)", "tumour")
METASTATIC = _of("min(metastatic_on)", "tumour")
FIRST_DOSE = _of("min(started_on)", "drug_exposure")
FIRST_LINE = _of("min(started_on)", "treatment_line")
LAST_NEWS = _of("max(coalesce(death_on, contact_on))", "follow_up")
BORN = _of("min(born_on_earliest)", "patient")
STABLE = (
    "overall_source in ('SD', '稳定', '疾病稳定') and target_sum_mm between 30 and 400 and not exists (from response_assessment as other "
    "where other.patient_id = t.patient_id and other.assessed_on < t.assessed_on and other.overall_source is not null) "
    f"and t.assessed_on > {FIRST_LINE} + 8"
)
"""The first response of a person who has a baseline."""

SEEDS = (
    # people
    Seed("sex_missing", "patient", {"sex_source": "null"}),
    Seed("sex_unmapped", "patient", {"sex_source": "'qqq'"}),
    Seed("sex_site_conflict", "tumour", {"topography_source": "'uterus'"}, f"{_of('any_value(sex_source)', 'patient')} in ('男', 'Male')"),
    Seed("born_before_1900", "patient", {"born_on": "date '1899-12-31'"}),
    Seed("age_out_of_range", "patient", {"born_on": f"{DIAGNOSED} - 106 * 366"}, f"{DIAGNOSED} is not null"),
    Seed("born_after_diagnosis", "patient", {"born_on": f"{DIAGNOSED} + 40"}, f"{DIAGNOSED} is not null"),
    Seed("born_on_diagnosis_day", "patient", {"born_on": DIAGNOSED}, f"{DIAGNOSED} is not null"),
    Seed("born_on_moved", "patient", {"born_on": "born_on_earliest - 400"}, "born_on_earliest is not null"),
    Seed("birth_date_missing", "patient", {"born_on": "null"}, "born_on_earliest is not null"),
    Seed("sex_changed", "patient", {"sex_source": "case when sex_source in ('男', 'Male') then 'F' else 'M' end"}, "sex_source is not null"),
    Seed("patient_vanished", "patient", how="drop_all"),
    Seed("no_tumour", "tumour", how="drop_all"),
    Seed("no_follow_up", "follow_up", how="drop_all", where=f"{FIRST_DOSE} is not null"),
    # tumours
    Seed("histology_missing", "tumour", {"histology_source": "null", "morphology_source": "null"}),
    Seed("histology_unmapped", "tumour", {"histology_source": "'qqq'", "morphology_source": "null"}),
    Seed("histology_text_code_conflict", "tumour", {"histology_source": "'LMS'", "morphology_source": "'9581/3'"}),
    Seed("histology_changed", "tumour", {"histology_source": "'angiosarcoma'", "morphology_source": "null"}, "histology_source not in ('血管肉瘤', 'Angiosarcoma')"),
    Seed("asps_graded", "tumour", {"histology_source": "'ASPS'", "morphology_source": "null", "fnclcc_grade_source": "'2'"}),
    Seed("site_unmapped", "tumour", {"topography_source": "'qqq'"}),
    Seed("site_unmapped", "metastasis", {"site_source": "'qqq'"}),
    Seed("primary_site_missing", "tumour", {"topography_source": "null"}),
    Seed("limb_without_side", "tumour", {"topography_source": "'thigh'", "laterality_source": "'midline'"}),
    Seed("size_out_of_range", "tumour", {"size_mm": "650"}),
    Seed("size_perhaps_in_cm", "tumour", {"size_mm": "6"}, "metastatic_on is not null"),
    Seed("metastatic_before_diagnosis", "tumour", {"metastatic_on": "diagnosed_on - 90"}, "diagnosed_on is not null"),
    Seed("diagnosis_date_missing", "tumour", {"diagnosed_on": "null"}),
    Seed("diagnosed_on_moved", "tumour", {"diagnosed_on": "diagnosed_on - 3"}, "diagnosed_on is not null"),
    Seed("metastatic_on_moved", "tumour", {"metastatic_on": "metastatic_on + 2"}, "metastatic_on > diagnosed_on"),
    Seed("synchronous_but_later", "tumour", {"is_synchronous": "true", "metastatic_on": "diagnosed_on + 300"}, "diagnosed_on is not null"),
    Seed("metachronous_at_diagnosis", "tumour", {"is_synchronous": "false", "metastatic_on": "diagnosed_on"}, "diagnosed_on is not null"),
    Seed("locally_advanced_but_metastatic", "tumour", {"is_locally_advanced_only": "true"}, "metastatic_on is not null"),
    Seed("tumour_repeated", "tumour", how="repeat"),
    Seed("metastasis_repeated", "metastasis", how="repeat"),
    Seed("metastasis_before_diagnosis", "metastasis", {"detected_on": f"{DIAGNOSED} - 90"}, f"{DIAGNOSED} is not null"),
    # treatment
    Seed("stop_before_start", "drug_exposure", {"stopped_on": "started_on - 5"}, "started_on is not null"),
    Seed("cycles_out_of_range", "drug_exposure", {"cycles": "121"}),
    Seed("dose_negative", "drug_exposure", {"dose": "-200"}),
    Seed("dose_without_unit", "drug_exposure", {"dose": "200", "dose_unit": "null"}),
    Seed("dose_out_of_range", "drug_exposure", {"dose": "200000", "dose_unit": "'mg'"}),
    Seed("drug_unmapped", "drug_exposure", {"agent_source": "'qqq'"}),
    Seed("drug_name_missing", "drug_exposure", {"agent_source": "null"}),
    Seed("drug_class_only", "drug_exposure", {"agent_source": "'PD-1 inhibitor'"}),
    Seed("drug_start_missing", "drug_exposure", {"started_on": "null"}),
    Seed("drug_start_moved", "drug_exposure", {"started_on": "started_on + 2"}, "stopped_on > started_on + 5"),
    Seed("drug_stop_moved", "drug_exposure", {"stopped_on": "stopped_on - 2"}, "stopped_on > started_on + 5"),
    Seed("agent_changed", "drug_exposure", {"agent_source": "'eribulin'"}, "agent_source is not null"),
    Seed("drug_repeated", "drug_exposure", how="repeat", where="started_on is not null"),
    Seed("drug_given_too_long", "drug_exposure", {"started_on": "stopped_on - 2000"}, "stopped_on is not null"),
    Seed("drug_before_birth", "drug_exposure", {"started_on": f"{BORN} - 400"}, f"{BORN} is not null"),
    Seed("drug_ongoing_with_stop", "drug_exposure", {"is_ongoing": "true"}, "stopped_on is not null"),
    Seed("drug_outside_lines", "drug_exposure", {"started_on": f"{FIRST_LINE} - 200", "stopped_on": f"{FIRST_LINE} - 190"}, f"{FIRST_LINE} is not null"),
    Seed("treatment_after_death", "drug_exposure", {"started_on": f"{DEATH} + 20", "stopped_on": "null"}, f"{DEATH} is not null"),
    Seed("line_stop_before_start", "treatment_line", {"stopped_on": "started_on - 5"}, "started_on is not null"),
    Seed("line_unmapped", "treatment_line", {"line_stated_source": "'qqq'"}),
    Seed("line_number_missing", "treatment_line", {"line_stated_source": "null"}),
    Seed("line_number_high", "treatment_line", {"line_stated_source": "'十二线'"}),
    Seed("line_number_gap", "treatment_line", {"line_stated_source": "'5'"}, "line_stated_source in ('二线', '2nd line')"),
    Seed("line_number_repeated", "treatment_line", {"line_stated_source": "'一线'", "setting_source": "'palliative'"}, "line_stated_source in ('二线', '2nd line')"),
    Seed("line_start_missing", "treatment_line", {"started_on": "null"}),
    Seed("line_start_moved", "treatment_line", {"started_on": "started_on - 2"}, "started_on is not null"),
    Seed("line_after_death", "treatment_line", {"started_on": f"{DEATH} + 20", "stopped_on": "null"}, f"{DEATH} is not null"),
    Seed("line_repeated", "treatment_line", how="repeat", where="started_on is not null"),
    Seed("bedridden_patient_treated", "treatment_line", {"ecog_source": "'4'"}),
    Seed("ecog_unmapped", "treatment_line", {"ecog_source": "'qqq'"}),
    Seed("procedure_stop_before_start", "procedure", {"stopped_on": "started_on - 5"}, "started_on is not null"),
    Seed("procedure_after_death", "procedure", {"started_on": f"{DEATH} + 20", "stopped_on": "null"}, f"{DEATH} is not null"),
    Seed("procedure_repeated", "procedure", how="repeat", where="started_on is not null"),
    Seed("radiation_dose_out_of_range", "procedure", {"dose_gy": "500"}, "type_source in ('放疗', 'Radiotherapy')"),
    Seed("radiotherapy_without_dose", "procedure", {"dose_gy": "null"}, "type_source in ('放疗', 'Radiotherapy') and dose_gy is not null"),
    Seed("radiation_dose_without_radiotherapy", "procedure", {"dose_gy": "50"}, "type_source in ('手术', 'Surgery')"),
    # responses
    Seed("target_sum_out_of_range", "response_assessment", {"target_sum_mm": "1001"}),
    Seed("target_sum_jumps_tenfold", "response_assessment", {"target_sum_mm": "target_sum_mm * 10"}, f"target_sum_mm between 10 and 100 and assessed_on > {_of('min(assessed_on)', 'response_assessment')}"),
    Seed("response_unmapped", "response_assessment", {"overall_source": "'qqq'"}),
    Seed("response_rewritten", "response_assessment", {"overall_source": "'SD'"}, "overall_source in ('PD', '疾病进展', '进展')"),
    Seed("response_before_treatment", "response_assessment", {"assessed_on": f"{FIRST_DOSE} - 100"}, f"{FIRST_DOSE} is not null and not exists (from procedure where procedure.patient_id = t.patient_id) and overall_source in ('SD', 'PR', '稳定', '疾病稳定', '部分缓解')"),
    Seed("new_lesion_without_progression", "response_assessment", {"has_new_lesion": "true", "overall_source": "'SD'"}),
    Seed("complete_response_with_target", "response_assessment", {"overall_source": "'CR'", "target_sum_mm": "40"}),
    Seed("assessment_after_death", "response_assessment", {"assessed_on": f"{DEATH} + 20"}, f"{DEATH} is not null"),
    Seed("assessment_before_birth", "response_assessment", {"assessed_on": f"{BORN} - 400"}, f"{BORN} is not null"),
    Seed("assessment_date_missing", "response_assessment", {"assessed_on": "null"}),
    Seed("assessed_on_moved", "response_assessment", {"assessed_on": "assessed_on + 1"}, "assessed_on is not null"),
    Seed("assessment_repeated", "response_assessment", how="repeat", where="assessed_on is not null and overall_source is not null"),
    Seed("assessments_of_one_day_differ", "response_assessment", {"overall_source": "'SD'"}, "overall_source in ('PD', '疾病进展', '进展') and assessed_on is not null", how="repeat"),
    Seed("record_vanished", "response_assessment", how="drop"),
    Seed("partial_response_without_shrinkage", "response_assessment", {"overall_source": "'PR'"}, STABLE),
    Seed("progression_without_growth", "response_assessment", {"overall_source": "'PD'", "has_new_lesion": "false"}, STABLE),
    Seed("stable_disease_despite_growth", "response_assessment", {"target_sum_mm": "target_sum_mm * 2"}, STABLE),
    # adverse events
    Seed("grade_out_of_range", "adverse_event", {"grade": "6"}),
    Seed("adverse_event_unmapped", "adverse_event", {"term_source": "'qqq'"}),
    Seed("adverse_event_doubtful", "adverse_event", {"term_source": "'irAE'"}),
    Seed("adverse_event_term_missing", "adverse_event", {"term_source": "null"}),
    Seed("adverse_event_before_treatment", "adverse_event", {"started_on": f"{FIRST_DOSE} - 50"}, f"{FIRST_DOSE} is not null"),
    Seed("adverse_event_after_death", "adverse_event", {"started_on": f"{DEATH} + 20", "stopped_on": "null"}, f"{DEATH} is not null"),
    Seed("adverse_event_stop_before_start", "adverse_event", {"stopped_on": "started_on - 5"}, "started_on is not null"),
    Seed("adverse_event_repeated", "adverse_event", how="repeat", where="started_on is not null"),
    Seed("adverse_event_grade_changed", "adverse_event", {"grade": "case grade when 1 then 2 else 1 end"}, "grade is not null"),
    Seed("alopecia_above_grade_two", "adverse_event", {"term_source": "'alopecia'", "grade": "3"}),
    Seed("fatal_outcome_below_grade_five", "adverse_event", {"outcome_source": "'fatal'", "grade": "2"}),
    Seed("severe_event_not_serious", "adverse_event", {"grade": "4", "is_serious": "false"}),
    Seed("grade_five_without_death", "adverse_event", {"grade": "5"}, f"{DEATH} is null"),
    Seed("attributed_agent_never_given", "adverse_event", {"attributed_agent_source": "'dacarbazine'"}),
    Seed("small_list_unmapped", "adverse_event", {"outcome_source": "'qqq'"}),
    # follow-up
    Seed("status_missing", "follow_up", {"status_source": "null"}, "death_on is null"),
    Seed("alive_with_death_date", "follow_up", {"status_source": "'alive'"}, "death_on is not null"),
    Seed("lost_with_death_date", "follow_up", {"status_source": "'lost'"}, "death_on is not null"),
    Seed("dead_without_date", "follow_up", {"death_on": "null"}, "death_on is not null"),
    Seed("death_date_partial", "follow_up", {"death_on": "death_on"}, "death_on is not null", month=True),
    Seed("death_on_moved", "follow_up", {"death_on": "death_on + 3"}, "death_on is not null"),
    Seed("dead_returned", "follow_up", {"death_on": "null", "status_source": "'alive'"}, "death_on is not null"),
    Seed("death_before_diagnosis", "follow_up", {"death_on": f"{DIAGNOSED} - 50"}, f"death_on is not null and {DIAGNOSED} is not null"),
    Seed("death_before_treatment", "follow_up", {"death_on": f"{FIRST_DOSE} - 10"}, f"death_on is not null and {FIRST_DOSE} is not null"),
    Seed("death_cause_missing", "follow_up", {"death_cause_source": "null"}, "death_cause_source is not null"),
    Seed("death_cause_without_death", "follow_up", {"death_cause_source": "'tumour'"}, "status_source in ('存活', 'Alive')"),
    Seed("deaths_differ", "follow_up", {"death_on": "death_on + 30", "contact_on": "contact_on + 30"}, "death_on is not null", how="repeat"),
    Seed("contact_after_death", "follow_up", {"contact_on": f"{DEATH} + 40"}, f"{DEATH} is not null and death_on is null and contact_on is not null"),
    Seed("contact_before_birth", "follow_up", {"contact_on": f"{BORN} - 400"}, f"{BORN} is not null and contact_on is not null"),
    Seed("contact_repeated", "follow_up", how="repeat", where="contact_on is not null and death_on is null"),
    Seed("follow_up_gap", "follow_up", {"contact_on": "contact_on + 410"}, f"death_on is null and contact_on = {LAST_NEWS} and contact_on < date '2023-04-01'"),
    Seed("last_contact_went_back", "follow_up", how="drop", where=f"contact_on = {LAST_NEWS} and death_on is null"),
)  # fmt: skip
