"""Working-time arithmetic: durations, schedules, calendars, when something is due, and why.

Read `duration.py` for the kinds of time, `calendar.py` for what is open, `due.py` for the answer
and `explanation.py` for its reasons. No clock is read here, and nothing is looked up but zones
and, when a calendar is resolved, holidays.
"""

from escalation_engine.calendar.calendar import (
    Calendar,
    Counting,
    Cutoff,
    EndOfDay,
    Roll,
    around_the_clock,
)
from escalation_engine.calendar.days import add_period, nth_working_day_close
from escalation_engine.calendar.due import due, mark_due, moves_with_pauses
from escalation_engine.calendar.duration import (
    NO_LIMIT,
    Before,
    Duration,
    DurationError,
    Mark,
    NoLimit,
    Period,
    Share,
    WorkingDays,
    WorkingTime,
    write_duration,
    write_mark,
)
from escalation_engine.calendar.edition import Edition, edition_from, look_up, years_from
from escalation_engine.calendar.explanation import Explanation, Interval, Threshold, explain
from escalation_engine.calendar.fault import CalendarFault, NoOpenTime, TextError
from escalation_engine.calendar.grammar import parse_duration, parse_mark
from escalation_engine.calendar.holiday import holidays_release
from escalation_engine.calendar.measure import Target
from escalation_engine.calendar.paused import Break, Cause, Pause, Stop
from escalation_engine.calendar.resolve import CalendarSpec, resolve_calendar
from escalation_engine.calendar.schedule import (
    Monthly,
    OnHoliday,
    Schedule,
    ScheduleError,
    Weekly,
    next_after,
    parse_schedule,
    write_schedule,
)
from escalation_engine.calendar.working import (
    add_open,
    intervals,
    is_open,
    next_close,
    next_open,
    open_between,
    subtract_open,
)

__all__ = [
    "NO_LIMIT",
    "Before",
    "Break",
    "Calendar",
    "CalendarFault",
    "CalendarSpec",
    "Cause",
    "Counting",
    "Cutoff",
    "Duration",
    "DurationError",
    "Edition",
    "EndOfDay",
    "Explanation",
    "Interval",
    "Mark",
    "Monthly",
    "NoLimit",
    "NoOpenTime",
    "OnHoliday",
    "Pause",
    "Period",
    "Roll",
    "Schedule",
    "ScheduleError",
    "Share",
    "Stop",
    "Target",
    "TextError",
    "Threshold",
    "Weekly",
    "WorkingDays",
    "WorkingTime",
    "add_open",
    "add_period",
    "around_the_clock",
    "due",
    "edition_from",
    "explain",
    "holidays_release",
    "intervals",
    "is_open",
    "look_up",
    "mark_due",
    "moves_with_pauses",
    "next_after",
    "next_close",
    "next_open",
    "nth_working_day_close",
    "open_between",
    "parse_duration",
    "parse_mark",
    "parse_schedule",
    "resolve_calendar",
    "subtract_open",
    "write_duration",
    "write_mark",
    "write_schedule",
    "years_from",
]
