"""What is about time in a chart: timers, clocks, duties and digests, every name canonical."""

from __future__ import annotations

from dataclasses import dataclass

from escalation_engine.calendar import CalendarSpec
from escalation_engine.chart.body_model import Amount, Body, Recipient
from escalation_engine.chart.term_model import Moment
from escalation_engine.condition import Condition

__all__ = ["Clock", "Digest", "Duty", "NamedCalendar", "Timer", "Validity", "Warning"]


@dataclass(frozen=True, slots=True)
class NamedCalendar:
    """A calendar as declared; who runs a case resolves its holidays."""

    name: str
    title: str
    spec: CalendarSpec


@dataclass(frozen=True, slots=True)
class Validity:
    """From which date on a version opens cases; `by` is the field that has the date of a case.

    Without `since` it always does; without `by` the day counts on which a case is opened.
    """

    since: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Warning:
    """What happens at a mark before something is due; no body tells assignee and owner."""

    mark: str
    body: Body | None = None


@dataclass(frozen=True, slots=True)
class Timer:
    """A timer of one scope; `key` is `TRACK.PATH:NAME`, `TRACK:NAME` for a whole track.

    It fires `times` times, None without end, `every` so long after the last; `send` is empty where
    it only warns. With `after` of `none` it is switched off. `restarts` when `back` returns.
    """

    key: str
    title: str
    track: str
    scope: str
    after: Amount
    send: str = ""
    warnings: tuple[Warning, ...] = ()
    paused_in: tuple[str, ...] = ()
    every: Amount | None = None
    times: int | None = 1
    calendar: str = ""
    restarts: bool = False


@dataclass(frozen=True, slots=True)
class Clock:
    """A target across states. `counts_from` is a field of type date or instant, or empty.

    `calendar` is empty only where no amount needs one.
    """

    name: str
    title: str
    starts: tuple[Moment, ...]
    stops: tuple[Moment, ...]
    target: Amount
    counts_from: str = ""
    calendar: str = ""
    paused_in: tuple[str, ...] = ()
    warnings: tuple[Warning, ...] = ()
    breach: Body = Body()
    on_reopen: str = "resume"
    on_change: str = "from_origin"


@dataclass(frozen=True, slots=True)
class Duty:
    """Something owed: once (`opens`, `due`), or by a schedule (`every`) while in some states.

    Without `active_in` a recurring duty runs as long as the case does. `owed_by` and `owed_to` are
    a role or a slot, or empty; `on_holiday` is before, after, skip, or empty.
    """

    name: str
    title: str
    every: Amount | None = None
    opens: tuple[Moment, ...] = ()
    due: Amount | None = None
    active_in: tuple[str, ...] = ()
    calendar: str = ""
    on_holiday: str = ""
    owed_by: str = ""
    owed_to: str = ""
    needs: tuple[str, ...] = ()
    done_by: tuple[Moment, ...] = ()
    missed: Body = Body()
    is_first_at_once: bool = False
    counts_from_last: bool = False
    must_be_done: bool = False
    catch_up: str = "coalesce"


@dataclass(frozen=True, slots=True)
class Digest:
    """A recurring list of the cases for which a condition holds, one for each holder of `per`.

    `shows` holds `data.FIELD` for one field, or `data`, `reference`, `state` and `due`.
    """

    name: str
    title: str
    every: Amount
    cases: Condition
    per: Recipient
    send_by: str
    shows: tuple[str, ...] = ()
    calendar: str = ""
    on_holiday: str = ""
