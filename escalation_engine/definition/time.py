"""What is about time: calendars, timers, clocks, duties and digests."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StrictInt, StrictStr, StringConstraints

from escalation_engine.definition.model import Model, Names, Path, Renamed, Text, Traced, listed
from escalation_engine.definition.transition import Amount, Body, Condition, Word
from escalation_engine.definition.wording import Moments, SomeMoments

__all__ = ["Amount", "CalendarEntry", "Clock", "Digest", "Duty", "Repeat", "Timer"]

_PATH = r"[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)*"
WHILE_PATTERN = rf"^in {_PATH}$"
PER_PATTERN = rf"^(slot|role) {_PATH}$"

ScheduleText = Annotated[
    StrictStr | dict[Word, StrictStr],
    Field(description="Such as Friday 16:00, day at 09:00, $parameter, or {agreed_in: FIELD}."),
]
Recurrence = Annotated[
    StrictStr | dict[Word, StrictStr],
    Field(
        description="A schedule such as Friday 16:00 or day at 09:00, or how long there is in "
        "between, such as 8 weeks; $parameter, {depends_on: FIELD, …}, or {agreed_in: FIELD}."
    ),
]
Hours = Annotated[
    tuple[StrictStr, ...],
    BeforeValidator(listed, json_schema_input_type=StrictStr | tuple[StrictStr, ...]),
]


While = Annotated[
    StrictStr,
    StringConstraints(pattern=WHILE_PATTERN),
    Field(description="`in STATE`: as long as the case is there."),
]
Whiles = Annotated[
    tuple[While, ...],
    BeforeValidator(listed, json_schema_input_type=While | tuple[While, ...]),
]


def _named(value: object) -> object:
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        return value
    return dict.fromkeys(value, "added")


Added = Annotated[
    dict[Word, Text],
    BeforeValidator(_named, json_schema_input_type=tuple[StrictStr, ...] | dict[Word, Text]),
]


def _warned(value: object) -> object:
    marks = listed(value) if isinstance(value, str) else value
    if not isinstance(marks, list) or not all(isinstance(mark, str) for mark in marks):
        return value
    return {mark: {} for mark in marks}


Warnings = Annotated[
    dict[Word, Body],
    BeforeValidator(
        _warned, json_schema_input_type=StrictStr | tuple[StrictStr, ...] | dict[Word, Body]
    ),
    Field(
        description="What happens before it is due: 75% or `1 hour before`, to a body. A mark "
        "alone tells assignee and owner."
    ),
]


class Counting(Model):
    """How days are counted on a calendar."""

    cutoff: Literal["none", "close"] = Field(
        "none",
        description="close: what comes after closing time counts as of the next working day.",
    )
    end_of_day: Literal["close", "same_time", "midnight"] = Field(
        "close", description="When on the last working day a target in working days is due."
    )
    roll: Literal["none", "next_working_day"] = Field(
        "none", description="What becomes of a period that ends on a day that is no working day."
    )


class CalendarEntry(Traced):
    """The hours in which working time counts, in one time zone."""

    title: Text | None = Field(None, description="What people call it.")
    timezone: StrictStr = Field(description="An IANA time zone, such as Europe/London.")
    hours: dict[Word, Hours] = Field(
        description="Days to ranges: {mon-fri: 09:00-17:30}; several, overnight, 00:00-24:00."
    )
    holidays: StrictStr | None = Field(
        None, description="A country, or country and subdivision, such as GB-ENG."
    )
    added: Added = Field(
        default_factory=dict,
        description="Further holidays: dates such as 2026-12-24, or dates to their names.",
    )
    removed: Hours = Field((), description="Holidays that are worked: dates, or their names.")
    special: dict[Word, Hours] = Field(
        default_factory=dict, description="Dates with other hours; `closed` for none."
    )
    yearly: dict[Word, Hours] = Field(
        default_factory=dict,
        description="Ranges of every year, such as 24 Dec to 2 Jan, to `closed` or other hours.",
    )
    counting: Counting | None = Field(None, description="How days are counted.")


class Repeat(Model):
    """A timer that fires more than once while its state is active."""

    every: Amount = Field(description="How long after each firing it fires again.")
    until: Annotated[StrictInt, Field(ge=1)] | Literal["forever"] = Field(
        description="How often it fires at most; `forever` says so on purpose."
    )


class Timer(Renamed):
    """Something that happens when a state lasts: armed on entry, gone on exit."""

    title: Text | None = Field(None, description="What people call it; the note of its event.")
    after: Amount = Field(description="How long after entry it is due.")
    send: Path | None = Field(None, description="The event that it sends, as the engine.")
    warn: Warnings = Field(default_factory=dict)
    paused_in: Names = Field((), description="States in which it stands still.")
    repeat: Repeat | None = Field(None, description="Whether it fires again.")
    calendar: Path | None = Field(None, description="The calendar, where several are declared.")
    on_return: Literal["resume", "restart"] = Field(
        "resume", description="What happens when `back` returns to its state."
    )


class Clock(Renamed):
    """A target across states, such as a response time."""

    title: Text | None = Field(None, description="What people call it.")
    starts: SomeMoments = Field(description="When it starts.")
    stops: SomeMoments = Field(description="When it stops, met if it was not breached.")
    target: Amount = Field(description="How long it may run.")
    from_: Path | None = Field(
        None, alias="from", description="A field of type date or instant that it counts from."
    )
    calendar: Path | None = Field(None, description="The calendar, where several are declared.")
    paused_in: Names = Field((), description="States in which it stands still.")
    warn: Warnings = Field(default_factory=dict)
    breach: Body | None = Field(None, description="What happens when it is due and not stopped.")
    on_reopen: Literal["resume", "restart", "continue"] = Field(
        "resume", description="What a start after a stop means."
    )
    on_change: Literal["from_origin", "from_change"] = Field(
        "from_origin",
        description="What a new target counts from, when a fact it depends on changes.",
    )


class Duty(Renamed):
    """Something owed, whatever the state: once by a due time, or again and again by a schedule."""

    title: Text | None = Field(None, description="What is owed.")
    every: Recurrence | None = Field(
        None, description="When a recurring duty is due: a schedule, or how long in between."
    )
    opens: Moments = Field((), description="When a duty that is owed once comes up.")
    due: Amount | None = Field(None, description="How long after it opens it is due.")
    while_: Whiles = Field(
        (), alias="while", description="States in which a recurring duty runs: `in STATE`."
    )
    calendar: Path | None = Field(None, description="The calendar, where several are declared.")
    on_holiday: Literal["before", "after", "skip"] | None = Field(
        None, description="Where an occurrence goes that falls on a holiday."
    )
    owed_by: Path | None = Field(None, description="The role or slot that owes it.")
    for_: Path | None = Field(None, alias="for", description="The role or slot it is owed to.")
    needs: Names = Field((), description="Data fields that must be set to fulfil it.")
    done_by: Moments = Field((), description="What fulfils it.")
    missed: Body | None = Field(None, description="What happens when it was due and not done.")
    first: Literal["at_once", "on_schedule"] = Field(
        "on_schedule", description="When a recurring duty is due for the first time."
    )
    counted_from: Literal["schedule", "last_done"] = Field(
        "schedule", description="What the next due time is counted from."
    )
    at_end: Literal["skip", "must_be_done"] = Field(
        "skip", description="What an open duty means when the case ends."
    )
    catch_up: Literal["coalesce", "each", "skip"] = Field(
        "coalesce", description="What becomes of several that fell due while nobody looked."
    )


class Digest(Traced):
    """A recurring list across cases, for each holder of a role or slot."""

    title: Text | None = Field(None, description="What people call it.")
    every: ScheduleText = Field(description="When it is sent.")
    calendar: Path | None = Field(None, description="The calendar, where several are declared.")
    on_holiday: Literal["before", "after", "skip"] | None = Field(
        None, description="Where an occurrence goes that falls on a closed day."
    )
    cases: Condition = Field(
        description="Which cases it lists: a condition, such as in escalation.active."
    )
    shows: Names = Field(
        (), description="What it shows of each: data, or single fields; reference, state, due."
    )
    per: Annotated[StrictStr, StringConstraints(pattern=PER_PATTERN)] = Field(
        description="`slot NAME` or `role NAME`: each of its holders gets one."
    )
    send_by: Path = Field(description="The action that sends it.")
