"""The cases S1 to S41 of the specification of time, each with its number and its dates.

S36, S38 and S40 say more about clocks, S30 and S31 about order: what is arithmetic of them is here.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from escalation_engine.calendar import (
    Before,
    Break,
    Calendar,
    CalendarSpec,
    Cause,
    Cutoff,
    Duration,
    DurationError,
    EndOfDay,
    NoOpenTime,
    OnHoliday,
    Pause,
    Period,
    Roll,
    Stop,
    WorkingDays,
    add_open,
    add_period,
    due,
    explain,
    intervals,
    is_open,
    mark_due,
    moves_with_pauses,
    next_after,
    nth_working_day_close,
    open_between,
    parse_duration,
    parse_schedule,
)
from tests.calendar.desk import (
    LON,
    NIGHTS,
    ROUND_THE_CLOCK,
    SCOTLAND,
    at,
    calendar,
    counting,
    faults,
    hours,
    pause,
    utc,
    working,
)

TWO_DAYS = WorkingDays(2)
RIYADH = calendar("Asia/Riyadh", {"sun-thu": "09:00-17:00"})
UNEVEN = calendar(hours={"mon-thu": "09:00-17:00", "fri": "09:00-13:00"}, holidays="GB-ENG")


# 4.1 Kinds of time


@pytest.mark.parametrize("text", ["1d", "48", "2d", "24h", "8bh"])
def test_s0_a_duration_without_its_kind_is_refused(text: str):
    with pytest.raises(DurationError, match="write `"):
        parse_duration(text)


def test_s1_two_working_days_are_not_sixteen_working_hours():
    referral = at("2026-04-02 15:00")

    assert due(LON, referral, TWO_DAYS) == at("2026-04-08 17:00") == utc("2026-04-08 16:00")
    assert due(LON, referral, working(16)) == at("2026-04-08 15:00")


def test_s1_forty_eight_hours_over_days_of_eight_are_another_thing_still():
    assert due(LON, at("2026-04-02 15:00"), working(48)) == at("2026-04-14 15:00")


def test_s2_scotland_works_on_easter_monday():
    assert due(SCOTLAND, at("2026-04-02 15:00"), TWO_DAYS) == at("2026-04-07 17:00")


def test_s3_an_observed_holiday_is_one():
    assert due(LON, at("2026-12-24 14:00"), TWO_DAYS) == at("2026-12-30 17:00")


@pytest.mark.parametrize(
    ("place", "expected"), [(LON, "2027-01-05 17:00"), (SCOTLAND, "2027-01-06 17:00")]
)
def test_s4_new_year_is_longer_in_scotland(place: Calendar, expected: str):
    assert due(place, at("2026-12-31 10:00"), TWO_DAYS) == at(expected)


def test_s5_days_of_uneven_length_are_days_all_the_same():
    start = at("2026-06-11 15:00")

    assert due(UNEVEN, start, TWO_DAYS) == at("2026-06-15 17:00")
    assert due(UNEVEN, start, working(16)) == at("2026-06-16 11:00")


@pytest.mark.parametrize(
    ("cutoff", "expected"),
    [(Cutoff.NONE, "2026-06-09 17:00"), (Cutoff.CLOSE, "2026-06-10 17:00")],
)
def test_s6_after_closing_time_the_cutoff_decides(cutoff: Cutoff, expected: str):
    office = counting(LON, cutoff=cutoff)

    assert due(office, at("2026-06-05 18:30"), TWO_DAYS) == at(expected)


def test_s6_what_comes_at_closing_time_comes_in_time():
    office = counting(LON, cutoff=Cutoff.CLOSE)

    assert due(office, at("2026-06-05 17:00"), TWO_DAYS) == at("2026-06-09 17:00")


@pytest.mark.parametrize(
    ("cutoff", "expected"),
    [(Cutoff.NONE, "2026-06-09 17:00"), (Cutoff.CLOSE, "2026-06-10 17:00")],
)
def test_s7_saturday_is_day_zero_itself_unless_there_is_a_cutoff(cutoff: Cutoff, expected: str):
    office = counting(LON, cutoff=cutoff)

    assert due(office, at("2026-06-06 11:00"), TWO_DAYS) == at(expected)


@pytest.mark.parametrize(
    ("end_of_day", "expected"),
    [
        (EndOfDay.CLOSE, "2026-06-10 17:00"),
        (EndOfDay.SAME_TIME, "2026-06-10 10:00"),
        (EndOfDay.MIDNIGHT, "2026-06-11 00:00"),
    ],
)
def test_s8_a_day_ends_as_the_calendar_counts(end_of_day: EndOfDay, expected: str):
    office = counting(LON, end_of_day=end_of_day)

    assert due(office, at("2026-06-08 10:00"), TWO_DAYS) == at(expected)


def test_s9_the_calendar_s_zone_says_which_day_it_is():
    friday = at("2026-06-05 23:30")
    new_york = calendar("America/New_York")

    assert due(new_york, friday, working(1)) == utc("2026-06-08 14:00")
    assert due(LON, friday, working(1)) == utc("2026-06-08 09:00")


def test_s10_a_week_may_begin_on_sunday():
    start = at("2026-06-11 16:00", "Asia/Riyadh")

    assert due(RIYADH, start, working(2)) == at("2026-06-14 10:00", "Asia/Riyadh")
    assert due(RIYADH, start, TWO_DAYS) == at("2026-06-15 17:00", "Asia/Riyadh")


# 4.2 Daylight saving time


@pytest.mark.parametrize(
    ("start", "expected"),
    [("2026-03-27 16:00", "2026-03-30 11:00"), ("2026-10-23 16:00", "2026-10-26 12:00")],
)
def test_s11_working_hours_go_over_a_change_of_clocks(start: str, expected: str):
    assert due(LON, at(start), working(4)) == utc(expected)


@pytest.mark.parametrize(
    ("start", "duration", "expected"),
    [
        ("2026-03-28 12:00", hours(24), "2026-03-29 13:00"),
        ("2026-03-28 12:00", working(24), "2026-03-29 13:00"),
        ("2026-03-28 12:00", Period(days=1), "2026-03-29 12:00"),
        ("2026-10-24 12:00", hours(24), "2026-10-25 11:00"),
        ("2026-10-24 12:00", working(24), "2026-10-25 11:00"),
        ("2026-10-24 12:00", Period(days=1), "2026-10-25 12:00"),
    ],
)
def test_s12_hours_are_real_and_days_keep_the_time_of_day(
    start: str, duration: Duration, expected: str
):
    assert due(ROUND_THE_CLOCK, at(start), duration) == at(expected)


@pytest.mark.parametrize(("day", "length"), [("2026-03-07", 7), ("2026-10-31", 9)])
def test_s13_a_night_shift_is_as_long_as_the_night(day: str, length: int):
    begin = at(f"{day} 22:00", "America/New_York")

    assert open_between(NIGHTS, begin, add_open(NIGHTS, begin, hours(12))) == hours(12)
    assert [close - open_ for open_, close in intervals(NIGHTS, begin, begin + hours(20))] == [
        hours(length)
    ]


@pytest.mark.parametrize(
    ("start", "expected"),
    [("2026-03-07 22:00", "2026-03-09 03:00"), ("2026-10-31 22:00", "2026-11-01 10:00")],
)
def test_s13_eight_hours_of_a_night_shift_end_where_they_do(start: str, expected: str):
    assert due(NIGHTS, at(start, "America/New_York"), working(8)) == utc(expected)


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("2026-03-28 12:00", ["2026-03-29 01:30", "2026-03-30 00:30"]),
        ("2026-10-24 12:00", ["2026-10-25 00:30", "2026-10-26 01:30"]),
    ],
)
def test_s14_a_local_time_that_is_skipped_or_comes_twice_occurs_once(
    before: str, expected: list[str]
):
    berlin = calendar("Europe/Berlin")
    daily = parse_schedule("day at 02:30")
    first = next_after(daily, utc(before), berlin)

    assert [first, next_after(daily, first, berlin)] == [utc(text) for text in expected]


def test_s15_a_daily_digest_keeps_its_local_time():
    daily = parse_schedule("day at 09:00")
    found = [next_after(daily, utc(f"2026-03-{day} 00:00"), LON) for day in (28, 29, 30)]

    assert found == [utc("2026-03-28 09:00"), utc("2026-03-29 08:00"), utc("2026-03-30 08:00")]


def test_s15_a_weekly_update_skips_good_friday_and_keeps_its_local_time():
    weekly = parse_schedule("Friday 16:00")
    first = next_after(weekly, utc("2026-03-25 00:00"), LON, OnHoliday.SKIP)
    second = next_after(weekly, first, LON, OnHoliday.SKIP)

    assert [first, second] == [utc("2026-03-27 16:00"), utc("2026-04-10 15:00")]


@pytest.mark.parametrize(
    "place", [ROUND_THE_CLOCK, calendar(hours={"mon-fri": "09:00-17:00", "sun": "00:00-24:00"})]
)
def test_s16_the_sunday_of_the_change_is_not_skipped(place: Calendar):
    start = at("2026-03-28 23:30")
    found = due(place, start, working(1))

    assert found.astimezone(place.zone).date() == date(2026, 3, 29)
    assert open_between(place, start, at("2026-03-30 00:00")) >= hours(23)


# 4.3 Holidays and calendars


@pytest.mark.parametrize(
    ("on_holiday", "expected"),
    [
        (OnHoliday.SKIP, "2026-04-10 16:00"),
        (OnHoliday.BEFORE, "2026-04-02 16:00"),
        (OnHoliday.AFTER, "2026-04-07 16:00"),
        (None, "2026-04-03 16:00"),
    ],
)
def test_s17_a_weekly_update_on_good_friday(on_holiday: OnHoliday | None, expected: str):
    weekly = parse_schedule("Friday 16:00")

    assert next_after(weekly, at("2026-03-30 00:00"), LON, on_holiday) == at(expected)


def test_s18_a_holiday_added_later_moves_what_is_computed_later():
    start = at("2026-06-12 10:00")
    world_cup = {date(2026, 6, 15): "World Cup"}
    with_it = replace(SCOTLAND, holidays={**SCOTLAND.holidays, **world_cup})

    assert due(SCOTLAND, start, TWO_DAYS) == at("2026-06-16 17:00")
    assert due(with_it, start, TWO_DAYS) == at("2026-06-17 17:00")


def test_s19_a_yearly_range_goes_round_new_year():
    office = calendar(yearly={"24 Dec to 2 Jan": "closed"})
    noons = [at(f"{day} 12:00") for day in ("2026-12-31", "2027-01-01", "2026-12-23")]

    assert [is_open(office, noon) for noon in noons] == [False, False, True]


def test_s20_a_special_day_replaces_the_hours():
    office = calendar(holidays="GB-ENG", special={date(2026, 12, 24): "09:00-12:00"})

    assert due(office, at("2026-12-24 09:00"), working(4)) == at("2026-12-29 10:00")
    assert due(office, at("2026-12-23 09:00"), WorkingDays(1)) == at("2026-12-24 12:00")


@pytest.mark.parametrize(
    "spec",
    [
        CalendarSpec(timezone="Europe/London", hours={}),
        CalendarSpec(timezone="Europe/London", hours={"mon-fri": "closed"}),
        CalendarSpec(
            timezone="Europe/London",
            hours={"mon-fri": "09:00-17:00"},
            yearly={"1 Jan to 31 Dec": "closed"},
        ),
    ],
)
def test_s21_no_open_time_at_all_is_a_fault(spec: CalendarSpec):
    assert [fault.message for fault in faults(spec)] == ["no time is open in 2025 to 2035"]


def test_s21_no_open_time_within_five_years_is_an_error_that_names_the_calendar():
    never = replace(LON, name="never", weekly=((),) * 7)

    with pytest.raises(NoOpenTime, match="'never' has no open time within five years"):
        add_open(never, at("2026-06-08 10:00"), hours(1))
    with pytest.raises(NoOpenTime, match="'never'"):
        nth_working_day_close(never, at("2026-06-08 10:00"), 1)


def test_s22_around_the_clock_is_midnight_to_midnight():
    assert due(ROUND_THE_CLOCK, at("2026-06-08 12:00"), working(24)) == at("2026-06-09 12:00")


def test_s23_lunch_does_not_count():
    office = calendar(hours={"mon-fri": ["09:00-12:30", "13:30-17:00"]})

    assert due(office, at("2026-06-08 11:00"), working(4)) == at("2026-06-08 16:00")


def test_s24_ranges_that_overlap_are_a_fault():
    hours_ = {"mon-fri": ["09:00-13:00", "12:30-17:00"]}
    (fault,) = faults(CalendarSpec(timezone="Europe/London", hours=hours_))

    assert fault.message == "`09:00-13:00` and `12:30-17:00` overlap"


def test_s24_a_night_belongs_to_the_day_it_starts_on():
    nights = calendar(hours={"mon-sun": "22:00-06:00"}, added={date(2026, 6, 10): "Feast"})

    assert is_open(nights, at("2026-06-10 05:00"))
    assert not is_open(nights, at("2026-06-10 23:00"))
    assert not is_open(nights, at("2026-06-11 05:00"))


@pytest.mark.parametrize(
    ("roll", "expected"),
    [(Roll.NONE, "2026-04-06 10:00"), (Roll.NEXT_WORKING_DAY, "2026-04-07 10:00")],
)
def test_s25_eight_weeks_may_end_on_easter_monday(roll: Roll, expected: str):
    office = counting(LON, roll=roll)

    assert add_period(office, at("2026-02-09 10:00"), Period(weeks=8)) == at(expected)


@pytest.mark.parametrize(
    ("days", "expected"), [(3, "2026-04-08"), (15, "2026-04-24"), (35, "2026-05-26")]
)
def test_s26_the_regulator_s_days_end_at_close(days: int, expected: str):
    assert due(LON, at("2026-04-01 16:00"), WorkingDays(days)) == at(f"{expected} 17:00")


def test_s27_one_target_counts_from_where_another_was_met():
    assert due(LON, at("2026-04-01 10:00"), WorkingDays(5)) == at("2026-04-10 17:00")
    assert due(LON, at("2026-04-02 10:00"), WorkingDays(10)) == at("2026-04-20 17:00")


# 4.4 Boundaries


def test_s28_time_used_up_at_close_is_due_at_close():
    assert due(LON, at("2026-06-08 09:00"), working(8)) == at("2026-06-08 17:00")


def test_s29_what_starts_at_close_goes_on_at_the_next_opening():
    assert due(LON, at("2026-06-08 17:00"), working(1)) == at("2026-06-09 10:00")


def test_s30_at_the_due_instant_nothing_is_overrun():
    start, target = at("2026-06-08 10:00"), working(4)
    found = explain(LON, start, target, at=due(LON, start, target))

    assert (found.remaining, found.overrun) == (timedelta(), timedelta())


def test_s31_parts_of_a_second_are_kept():
    start = at("2026-06-08 16:59:59.250001")

    assert due(LON, start, working(1)) == at("2026-06-09 09:59:59.250001")


@pytest.mark.parametrize("text", ["0 hours", "-1 hour", "0 working days"])
def test_s31_nothing_and_less_are_no_targets(text: str):
    with pytest.raises(DurationError):
        parse_duration(text)


@pytest.mark.parametrize("before", [hours(1), working(1)])
def test_s32_an_hour_before_it_is_due(before: timedelta):
    paris = calendar("Europe/Paris", {"mon-fri": "08:00-18:00"})
    start = at("2026-06-08 17:00", "Europe/Paris")

    assert due(paris, start, working(4)) == at("2026-06-09 11:00", "Europe/Paris")
    assert mark_due(paris, start, working(4), Before(before)) == at(
        "2026-06-09 10:00", "Europe/Paris"
    )


# 4.5 Pauses


def test_s33_a_pause_moves_the_due_instant_by_its_open_time():
    start, target = at("2026-06-08 10:00"), working(8)
    waiting = [pause("2026-06-08 12:00", "2026-06-09 11:00")]

    assert due(LON, start, target) == at("2026-06-09 10:00")
    assert due(LON, start, target, waiting) == at("2026-06-09 17:00")
    assert explain(LON, start, target, at=at("2026-06-09 11:00"), breaks=waiting).used == hours(2)


@pytest.mark.parametrize(
    ("start", "paused", "resumed", "expected"),
    [
        ("2026-06-05 16:00", "2026-06-05 18:00", "2026-06-06 10:00", "2026-06-08 16:00"),
        ("2026-06-05 16:00", "2026-06-05 16:30", "2026-06-08 09:30", "2026-06-08 17:00"),
    ],
    ids=["s34", "s35"],
)
def test_s34_s35_a_pause_costs_no_more_than_its_working_time(
    start: str, paused: str, resumed: str, expected: str
):
    assert due(LON, at(start), working(8), [pause(paused, resumed)]) == at(expected)


def test_s36_a_pause_after_the_breach_leaves_it_and_stops_the_overrun():
    start, target = at("2026-06-08 10:00"), working(2)
    waiting = [pause("2026-06-08 14:00", None)]
    found = [
        explain(LON, start, target, at=at(when), breaks=waiting)
        for when in ("2026-06-08 14:00", "2026-06-10 14:00")
    ]

    assert [each.due for each in found] == [at("2026-06-08 12:00")] * 2
    assert [each.overrun for each in found] == [hours(2)] * 2


def test_s37_it_pauses_while_any_reason_holds():
    start, target = at("2026-06-08 09:00"), working(8)
    nested = [
        pause("2026-06-08 10:00", "2026-06-08 12:00", "client"),
        pause("2026-06-08 11:00", "2026-06-08 14:00", "vendor"),
        pause("2026-06-08 11:30", "2026-06-08 12:00", "client"),
    ]
    found = explain(LON, start, target, at=at("2026-06-08 15:00"), breaks=nested)

    assert found.due == at("2026-06-09 13:00")
    assert [each.reasons for each in found.intervals] == [
        (),
        ("client",),
        ("client", "vendor"),
        ("vendor",),
        (),
    ]


def test_s38_each_clock_has_its_own_pauses():
    start = at("2026-06-08 10:00")
    waiting = [pause("2026-06-08 12:00", "2026-06-08 14:00")]
    clocks = {"resolution": waiting, "vendor": list[Pause]()}
    found = {name: due(LON, start, working(4), breaks) for name, breaks in clocks.items()}

    assert found == {"resolution": at("2026-06-08 16:00"), "vendor": at("2026-06-08 14:00")}


@pytest.mark.parametrize("target", [Period(weeks=8), at("2026-07-01 12:00")])
def test_s39_a_pause_does_not_move_a_period_or_a_fixed_instant(target: Period | datetime):
    start = at("2026-06-08 10:00")
    waiting = [pause("2026-06-08 12:00", "2026-06-20 12:00"), pause("2026-06-25 12:00", None)]

    assert due(LON, start, target, waiting) == due(LON, start, target)
    assert not moves_with_pauses(target)


def test_s40_while_it_pauses_nothing_is_due_and_the_old_instant_never_returns():
    start, target = at("2026-06-08 10:00"), working(8)
    old = due(LON, start, target)
    resumed = due(LON, start, target, [pause("2026-06-08 12:00", "2026-06-10 12:00")])

    assert due(LON, start, target, [pause("2026-06-08 12:00", None)]) is None
    assert resumed == at("2026-06-11 10:00")
    assert resumed > old


def test_s41_three_causes_are_told_apart():
    breaks: list[Break] = [
        pause("2026-06-08 16:00", "2026-06-09 10:00"),
        Stop(at("2026-06-09 11:00")),
    ]
    found = explain(
        LON, at("2026-06-08 15:00"), working(8), at=at("2026-06-09 12:00"), breaks=breaks
    )

    assert [(each.end, each.cause, each.reasons) for each in found.intervals] == [
        (at("2026-06-08 16:00"), Cause.COUNTED, ()),
        (at("2026-06-08 17:00"), Cause.PAUSED, ("client",)),
        (at("2026-06-09 09:00"), Cause.OUTSIDE_HOURS, ("client",)),
        (at("2026-06-09 10:00"), Cause.PAUSED, ("client",)),
        (at("2026-06-09 11:00"), Cause.COUNTED, ()),
        (at("2026-06-09 12:00"), Cause.STOPPED, ()),
    ]


def test_s42_a_resumed_clock_goes_on_with_what_was_left():
    stopped = [Stop(at("2026-06-09 10:00"), at("2026-06-10 15:00"))]

    assert due(LON, at("2026-06-08 12:00"), working(8)) == at("2026-06-09 12:00")
    assert due(LON, at("2026-06-08 12:00"), working(8), stopped) == at("2026-06-10 17:00")


def test_s49_a_target_may_count_from_its_origin_with_another_length():
    monday = at("2026-06-08 09:00")

    assert due(LON, monday, working(16)) == at("2026-06-09 17:00")
    assert due(LON, monday, working(4)) == at("2026-06-08 13:00")
    assert due(LON, at("2026-06-08 14:00"), working(4)) == at("2026-06-09 10:00")
