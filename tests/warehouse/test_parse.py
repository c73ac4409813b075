"""What a cell's text means: dates with their bounds, numbers, sizes, grades."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warehouse.parse import is_rounded_key, largest_size, plain, read_date, read_grade, read_number, unit_in

DATES = """
text                | precision | earliest   | latest     | fault
2021-03-05          | day       | 2021-03-05 | 2021-03-05 |
2021-3-5            | day       | 2021-03-05 | 2021-03-05 |
2021.3.5            | day       | 2021-03-05 | 2021-03-05 |
2021/03/05          | day       | 2021-03-05 | 2021-03-05 |
2021年3月5日        | day       | 2021-03-05 | 2021-03-05 |
２０２１－０３－０５ | day       | 2021-03-05 | 2021-03-05 |
20210305            | day       | 2021-03-05 | 2021-03-05 |
2021-03-05 14:30:00 | day       | 2021-03-05 | 2021-03-05 |
5 Mar 2021          | day       | 2021-03-05 | 2021-03-05 |
2021-03             | month     | 2021-03-01 | 2021-03-31 |
2021年2月           | month     | 2021-02-01 | 2021-02-28 |
2020年2月底         | month     | 2020-02-21 | 2020-02-29 |
2021年3月上旬       | month     | 2021-03-01 | 2021-03-10 |
2021年3月中旬       | month     | 2021-03-11 | 2021-03-20 |
March 2021          | month     | 2021-03-01 | 2021-03-31 |
2021                | year      | 2021-01-01 | 2021-12-31 |
2021年              | year      | 2021-01-01 | 2021-12-31 |
2021-02-30          | none      |            |            | date_impossible
2021-13-01          | none      |            |            | date_impossible
2021年13月          | none      |            |            | date_impossible
20211301            | none      |            |            | date_impossible
05/03/2021          | none      |            |            | date_unreadable
21-3-5              | none      |            |            | date_unreadable
3月5日              | none      |            |            | date_unreadable
44260               | none      |            |            | date_unreadable
about 2021          | none      |            |            | date_unreadable
2021年3月5号        | day       | 2021-03-05 | 2021-03-05 |
="2021-03-05"       | day       | 2021-03-05 | 2021-03-05 |
2021-03-05T10:00:00Z | day      | 2021-03-05 | 2021-03-05 |
05-MAR-2021         | day       | 2021-03-05 | 2021-03-05 |
UN-MAR-2021         | month     | 2021-03-01 | 2021-03-31 |
2021-03-00          | month     | 2021-03-01 | 2021-03-31 |
2021-00-00          | year      | 2021-01-01 | 2021-12-31 |
2021-13-00          | none      |            |            | date_impossible
5. März 2021        | day       | 2021-03-05 | 2021-03-05 |
5 février 2021      | day       | 2021-02-05 | 2021-02-05 |
1er mars 2021       | day       | 2021-03-01 | 2021-03-01 |
5 de marzo de 2021  | day       | 2021-03-05 | 2021-03-05 |
5 maggio 2021       | day       | 2021-05-05 | 2021-05-05 |
agosto 2021         | month     | 2021-08-01 | 2021-08-31 |
2021年底            | year      | 2021-01-01 | 2021-12-31 |
2021年上半年        | year      | 2021-01-01 | 2021-06-30 |
2021年第三季度      | year      | 2021-07-01 | 2021-09-30 |
2021Q4              | year      | 2021-10-01 | 2021-12-31 |
3月底               | none      |            |            | date_unreadable
上周                | none      |            |            | date_unreadable
约2021年3月         | none      |            |            | date_unreadable
2021年3月-4月       | none      |            |            | date_unreadable
31 juin 2021        | none      |            |            | date_impossible
"""


def table(text: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()[1:]]


@pytest.mark.parametrize(("text", "precision", "earliest", "latest", "fault"), table(DATES))
def test_read_date(text: str, precision: str, earliest: str, latest: str, fault: str) -> None:
    day = read_date(text)
    assert (day.precision, day.fault) == (precision, fault or None)
    assert day.earliest == (date.fromisoformat(earliest) if earliest else None)
    assert day.latest == (date.fromisoformat(latest) if latest else None)


@pytest.mark.parametrize(
    "text", ["1900-01-01", "9999-12-31", "1900/1/1", "99991231", "1899-12-30", "0000-00-00", "1900-01-00 00:00:00"]
)
def test_placeholders_are_no_days(text: str) -> None:
    assert read_date(text).placeholder


@pytest.mark.parametrize("text", ["至今", "ongoing", "仍在使用", "en cours", "laufend"])
def test_what_goes_on_has_no_day_and_no_fault(text: str) -> None:
    day = read_date(text)
    assert (day.ongoing, day.fault, day.earliest) == (True, None, None)


DECLARED = """
text       | pattern    | earliest
05/03/2021 | DD/MM/YYYY | 2021-03-05
03/05/2021 | MM/DD/YYYY | 2021-03-05
21-3-5     | YY-M-D     | 2021-03-05
03/2021    | MM/YYYY    | 2021-03-01
5.3.2021   | D.M.YYYY   | 2021-03-05
44260      | EXCEL      | 2021-03-05
44260.75   | EXCEL      | 2021-03-05
42798      | EXCEL1904  | 2021-03-05
61         | EXCEL      | 1900-03-01
59         | EXCEL      | 1900-02-28
2021-3-5   | EXCEL      | 2021-03-05
"""


@pytest.mark.parametrize(("text", "pattern", "earliest"), table(DECLARED))
def test_a_declared_pattern_decides(text: str, pattern: str, earliest: str) -> None:
    assert read_date(text, (pattern,)).earliest == date.fromisoformat(earliest)


@given(st.dates(min_value=date(1900, 1, 2), max_value=date(2099, 12, 31)))
def test_every_day_is_read_in_every_usual_form(day: date) -> None:
    forms = [
        day.isoformat(),
        f"{day:%Y%m%d}",
        f"{day.year}.{day.month}.{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
    ]
    assert {read_date(form).earliest for form in forms} == {day}


@given(st.text(max_size=12))
def test_no_text_makes_a_date_without_bounds(text: str) -> None:
    day = read_date(text)
    assert day.fault is not None or day.placeholder or (day.earliest and day.latest and day.earliest <= day.latest)


NUMBERS = """
text    | number
12      | 12
12.5    | 12.5
12,5    | 12.5
１２    | 12
1,200   | 1200
-3      | -3
1e3     | 1000
12 mg   |
1.2.3   |
1,2,3   |
about 3 |
"""


@pytest.mark.parametrize(("text", "number"), table(NUMBERS))
def test_read_number(text: str, number: str) -> None:
    assert read_number(text) == (float(number) if number else None)


COMMA = """
text      | point   | comma
12,5      | 12.5    | 12.5
12.5      | 12.5    | 12.5
1,125     | 1125    | 1.125
1.125     | 1.125   |
1.234,5   |         | 1234.5
1,234.5   | 1234.5  |
1.234.567 |         |
"""


@pytest.mark.parametrize(("text", "point", "comma"), table(COMMA))
def test_the_centre_says_which_mark_is_the_decimal_one(text: str, point: str, comma: str) -> None:
    assert read_number(text) == (float(point) if point else None)
    assert read_number(text, ",") == (float(comma) if comma else None)


SIZES = """
text      | largest | unit
5×4×3cm   | 5       | cm
5x4       | 5       |
3.5*7 mm  | 7       | mm
12        | 12      |
5,4x3,2cm | 5.4     | cm
5x4x      |         |
5cm×4cm×3cm | 5     | cm
5cm×40mm  |         | mm
5 x 4 x 3 厘米 | 5  | cm
50毫米    | 50      | mm
最大径8cm | 8       | cm
约40      |         |
最大径约8cm |       | cm
２．５ｃｍ | 2.5    | cm
>5cm      |         | cm
5-6cm     |         | cm
5×4cm；3×2cm |      | cm
large     |         |
"""


@pytest.mark.parametrize(("text", "largest", "unit"), table(SIZES))
def test_sizes(text: str, largest: str, unit: str) -> None:
    assert largest_size(text) == (float(largest) if largest else None)
    assert unit_in(text) == (unit or None)


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        ("3", 3),
        ("G3", 3),
        ("Grade 3", 3),
        ("3级", 3),
        ("III", 3),
        ("Ⅲ级", 3),
        ("severe", None),
        ("三级", 3),
        ("III度", 3),
        ("3级中性粒细胞减少", 3),
        ("Neutropenia G3", 3),
        ("皮疹（2级）", 2),
        ("CTCAE v5 grade 3", 3),
        ("grade IV anaemia", 4),
        ("1-2级", None),
        ("G2-3", None),
        ("≥3级", None),
        ("皮疹2级，瘙痒1级", None),
        ("grade 3?", None),
    ],
)
def test_grades(text: str, grade: float | None) -> None:
    assert read_grade(text) == grade


@pytest.mark.parametrize(
    ("raw", "text"), [('="00123"', "00123"), ("00123\t", "00123"), ("００１", "001"), ("\u3000a ", "a")]
)
def test_plain(raw: str, text: str) -> None:
    assert plain(raw) == text


@pytest.mark.parametrize(
    ("key", "rounded"),
    [("4.1E+17", True), ("110101199003070000", True), ("110101199003070013", False), ("00123", False), ("1000", False)],
)
def test_rounded_keys(key: str, rounded: bool) -> None:
    assert is_rounded_key(key) is rounded
