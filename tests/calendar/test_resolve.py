"""From a specification to a calendar: what its parts mean, and every fault with its place."""

from __future__ import annotations

import pickle
import subprocess
import sys
from dataclasses import replace
from datetime import date

import pytest

from escalation_engine.calendar import CalendarFault, CalendarSpec, is_open
from tests.calendar.desk import LON, OFFICE_HOURS, at, calendar, faults

OFFICE = CalendarSpec(timezone="Europe/London", hours=OFFICE_HOURS, holidays="GB-ENG")
LAST = "the last is `24:00`"
RANGE = "write a range like `09:00-17:30`, or `closed`"
DAYS = "accepted: `mon`, `tue`, `wed`, `thu`, `fri`, `sat`, `sun`"
YEARLY = "write `24 Dec to 2 Jan`"

FAULTS = [
    ({"timezone": "London"}, "timezone", "`London` is no time zone", "`Europe/London`"),
    ({"timezone": "New York"}, "timezone", "`New York` is no time zone", "`America/New_York`"),
    ({"timezone": "Europe/Lodnon"}, "timezone", "`Europe/Lodnon` is no", "`Europe/London`"),
    ({"timezone": "GMT+25:00"}, "timezone", "`GMT+25:00` is no time zone", "did you mean"),
    ({"timezone": "/etc/passwd"}, "timezone", "`/etc/passwd` is no time zone", "an IANA name"),
    ({"timezone": ""}, "timezone", "`` is no time zone", "an IANA name"),
    ({"timezone": "Europe"}, "timezone", "`Europe` is no time zone", "did you mean"),
    ({"holidays": "GB-ENGLAND"}, "holidays", "`GB-ENGLAND` is no part of GB", "`GB-ENG`"),
    ({"holidays": "GB-12"}, "holidays", "`GB-12` is no part of GB", "accepted: `GB`, `GB-ENG`"),
    ({"holidays": "gb-sct"}, "holidays", "`gb-sct` is no place", "did you mean `GB-SCT`?"),
    ({"holidays": "Europe"}, "holidays", "`Europe` is no place", "a country's two letters"),
    ({"holidays": "QX" * 40}, "holidays", "is no place", "a country's two letters"),
    ({"hours": {"moon": "09:00-17:00"}}, "hours.moon", "`moon` is no day of the week", "`Monday`?"),
    ({"hours": {"x": "09:00-17:00"}}, "hours.x", "`x` is no day of the week", DAYS),
    ({"hours": {"mon-": "09:00-17:00"}}, "hours.mon-", "`` is no day of the week", DAYS),
    (
        {"hours": {"mon-fri": "09:00-17:00", "wed": "09:00-12:00"}},
        "hours.wed",
        "Wednesday has hours already",
        "list all ranges of a day in one place",
    ),
    ({"hours": {"mon, mon": "9:00-17:00"}}, "hours.mon, mon", "Monday is in `mon, mon` twice", ""),
    ({"hours": {"mon": "9-17"}}, "hours.mon", "`9-17` is no range of hours", RANGE),
    ({"hours": {"mon": "09:00-24:01"}}, "hours.mon", "`09:00-24:01` names a time", LAST),
    ({"hours": {"mon": "24:00-06:00"}}, "hours.mon", "`24:00-06:00` names a time", LAST),
    ({"hours": {"mon": "09:60-17:00"}}, "hours.mon", "`09:60-17:00` names a time", LAST),
    ({"hours": {"mon": "09:00-09:00"}}, "hours.mon", "`09:00-09:00` is empty", "`00:00-24:00`"),
    (
        {"hours": {"mon": "22:00-06:00", "tue": "05:00-12:00"}},
        "hours",
        "`22:00-06:00` of Monday overlaps `05:00-12:00` of Tuesday",
        "end the first where the second begins",
    ),
    (
        {"hours": {"mon-sun": "22:00-06:00"}, "special": {date(2026, 6, 10): "05:00-12:00"}},
        "special.2026-06-10",
        "`22:00-06:00` of 2026-06-09 overlaps `05:00-12:00` of 2026-06-10",
        "end the first where the second begins",
    ),
    (
        {"special": {date(2026, 6, 9): "22:00-09:30"}},
        "special.2026-06-09",
        "`22:00-09:30` of 2026-06-09 overlaps `09:00-17:00` of 2026-06-10",
        "end the first where the second begins",
    ),
    (
        {"special": {date(2035, 6, 6): "22:00-06:00", date(2035, 6, 7): "05:00-06:00"}},
        "special.2035-06-06",
        "`22:00-06:00` of 2035-06-06 overlaps `05:00-06:00` of 2035-06-07",
        "end the first where the second begins",
    ),
    (
        {"yearly": {"23 Jun": "22:00-09:30"}},
        "yearly.23 Jun",
        "`22:00-09:30` of 2025-06-23 overlaps `09:00-17:00` of 2025-06-24",
        "end the first where the second begins",
    ),
    (
        {"special": {date(2026, 12, 24): "9 to 12"}},
        "special.2026-12-24",
        "`9 to 12` is no range of hours",
        RANGE,
    ),
    ({"removed": ["Eastern Monday"]}, "removed.Eastern Monday", "is no holiday", "`Easter Monday`"),
    ({"removed": ["Q"]}, "removed.Q", "`Q` is no holiday of these years", "accepted: `Boxing Day`"),
    ({"yearly": {"Yule": "closed"}}, "yearly.Yule", "`Yule` is no day of the year", YEARLY),
    ({"yearly": {"31 Jun": "closed"}}, "yearly.31 Jun", "June has no day 31", YEARLY),
    ({"yearly": {"1 Jum": "closed"}}, "yearly.1 Jum", "`Jum` is no month", "did you mean `jun`?"),
    ({"yearly": {"1 May": "9"}}, "yearly.1 May", "`9` is no range of hours", RANGE),
    ({"counting": {"cutof": "none"}}, "counting.cutof", "`cutof` is no rule", "`cutoff`?"),
    (
        {"counting": {"cutoff": "open"}},
        "counting.cutoff",
        "`open` is no `cutoff`",
        "accepted: `none`, `close`",
    ),
    (
        {"counting": {"end_of_day": "same time"}},
        "counting.end_of_day",
        "`same time` is no `end_of_day`",
        "did you mean `same_time`?",
    ),
]


@pytest.mark.parametrize(("changed", "place", "message", "hint"), FAULTS)
def test_a_fault_says_where_and_what_instead(
    changed: dict[str, object], place: str, message: str, hint: str
):
    (fault,) = faults(replace(OFFICE, **changed))  # type: ignore[arg-type]  # one part, made faulty

    assert ".".join(fault.at) == place
    assert message in fault.message
    assert hint in fault.hint


def test_all_faults_come_together():
    spec = CalendarSpec(timezone="Moon", hours={"mon": "9"}, holidays="XX", removed=["Easter"])

    assert [fault.at[0] for fault in faults(spec)] == ["timezone", "hours", "holidays", "removed"]


def test_an_empty_calendar_is_one_fault():
    assert faults(CalendarSpec(timezone="UTC", hours={})) == (
        CalendarFault(
            ("hours",),
            "no time is open in 2025 to 2035",
            "give `hours` to at least one day that is no holiday",
        ),
    )


@pytest.mark.parametrize("days", ["mon-sun", "sat-fri", "Monday-Sunday", "sun-mon, tue-sat"])
def test_weekdays_go_round(days: str):
    office = calendar(hours={days: "09:00-17:00"})

    assert all(len(ranges) == 1 for ranges in office.weekly)


def test_ranges_may_be_listed_or_joined_by_commas():
    listed = calendar(hours={"mon": ["13:30-17:00", "09:00-12:30"]})

    assert calendar(hours={"mon": "09:00-12:30, 13:30-17:00"}) == listed


def test_a_holiday_can_be_removed_by_name_for_every_year():
    office = calendar(holidays="GB-ENG", removed=["Easter Monday"])

    assert is_open(office, at("2026-04-06 12:00"))
    assert is_open(office, at("2027-03-29 12:00"))
    assert not is_open(office, at("2026-04-03 12:00"))


@pytest.mark.parametrize("day", [date(2026, 12, 26), date(2038, 12, 26)])
def test_a_special_morning_after_a_holiday_meets_no_night_shift(day: date):
    nights = {"mon-sun": "22:00-06:00"}
    office = calendar(hours=nights, holidays="GB-ENG", special={day: "05:00-12:00"})

    assert is_open(office, at(f"{day} 05:30"))


def test_a_special_night_may_end_where_the_next_day_begins():
    office = calendar(special={date(2026, 6, 9): "22:00-09:00"})

    assert is_open(office, at("2026-06-10 08:59"))


def test_removing_a_date_that_is_no_holiday_changes_nothing():
    assert calendar(holidays="GB-ENG", removed=[date(2026, 6, 8)]) == LON


def test_a_special_day_goes_before_a_holiday_and_a_holiday_before_a_yearly_range():
    office = calendar(
        holidays="GB-ENG",
        special={date(2026, 12, 25): "10:00-12:00"},
        yearly={"24 Dec to 31 Dec": "09:00-12:00"},
    )
    opened = {day: is_open(office, at(f"2026-12-{day} 11:00")) for day in (24, 25, 26, 28, 29)}

    assert opened == {24: True, 25: True, 26: False, 28: False, 29: True}
    assert not is_open(office, at("2026-12-29 13:00"))


def test_yearly_hours_do_not_open_a_weekend():
    office = calendar(yearly={"24 Dec": "09:00-12:00"})

    assert not is_open(office, at("2028-12-24 10:00"))  # a Sunday
    assert is_open(office, at("2027-12-24 10:00"))


@pytest.mark.parametrize("place", ["GB", "GB-NIR", "US", "US-NY", "DE-BY"])
def test_countries_and_their_parts_have_holidays(place: str):
    assert date(2026, 12, 25) in calendar(holidays=place).holidays


def test_a_calendar_is_a_value():
    same = calendar(holidays="GB-ENG")

    assert (same, hash(same)) == (LON, hash(LON))
    assert pickle.loads(pickle.dumps(same)) == same  # noqa: S301 - we have just written it


def test_the_package_of_holidays_is_loaded_only_to_resolve_a_calendar():
    script = "import sys, escalation_engine.calendar; print('holidays' in sys.modules)"
    finished = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )

    assert finished.stdout.strip() == "False"
