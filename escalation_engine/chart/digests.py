"""Digests: from what an author wrote to their place in the chart.

A digest is of no case and no event, which what it names has to fit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from escalation_engine.chart.body import BodyReader
from escalation_engine.chart.calendars import calendar_of
from escalation_engine.chart.fault import Path, did_you_mean
from escalation_engine.chart.model import Amount, Digest, Recipient
from escalation_engine.chart.names import Names
from escalation_engine.chart.timing import TimeReader
from escalation_engine.condition import Condition
from escalation_engine.definition import Digest as WrittenDigest

__all__ = ["SHOWN", "check_senders", "read_digests"]

SHOWN = ("data", "due", "reference", "state")
"""What a digest can show of a case besides single data fields."""

ReadCondition = Callable[[str, Path], Condition | None]


def read_digests(reader: TimeReader, condition: ReadCondition) -> dict[str, Digest]:
    """Return the digests of one part by canonical name."""
    written = reader.names.part.definition.digests
    read = [_digest(reader, condition, name, digest) for name, digest in written.items()]
    return {digest.name: digest for digest in read if digest is not None}


def _digest(
    reader: TimeReader, condition: ReadCondition, name: str, written: WrittenDigest
) -> Digest | None:
    at: Path = ("digests", name)
    names = reader.names
    every = reader.amounts.schedule(written.every, (*at, "every"))
    cases = condition(written.cases, (*at, "cases"))
    kind, _, holder = written.per.partition(" ")
    per = names.find(kind, holder, (*at, "per"))
    send_by = names.find("action", written.send_by, (*at, "send_by"))
    shows = _shown(names, written.shows, (*at, "shows"))
    _check_is_of_no_case(names, every, (*at, "every"))
    _check_is_of_no_event(names, cases, (*at, "cases"))
    calendar = calendar_of(names, written.calendar, (every,), at)
    if every is None or cases is None or per is None or send_by is None:
        return None
    return Digest(
        name=names.known["digest"][name],
        title=written.title or name.replace("_", " "),
        every=every,
        cases=cases,
        per=Recipient(role=per) if kind == "role" else Recipient(slot=per),
        send_by=send_by,
        shows=shows,
        calendar=calendar,
        on_holiday=written.on_holiday or "",
    )


def _shown(names: Names, written: tuple[str, ...], at: Path) -> tuple[str, ...]:
    found = []
    for index, name in enumerate(written):
        field = names.known["field"].get(name.removeprefix("data."))
        if name in SHOWN:
            found.append(name)
        elif field is not None:
            found.append(f"data.{field}")
        else:
            hint = did_you_mean(name, [*SHOWN, *names.known["field"]])
            message = f"there is no data field `{name}` to show"
            names.faults.add("E113", message, (*at, index), hint=hint)
    return tuple(found)


def _check_is_of_no_case(names: Names, every: Amount | None, at: Path) -> None:
    if every is not None and (every.agreed_in or every.depends_on):
        message = "a digest is about many cases: when it is sent cannot depend on one of them"
        names.faults.add("E132", message, at, hint="write a schedule, or $parameter")


def _check_is_of_no_event(names: Names, cases: Condition | None, at: Path) -> None:
    if cases is None:
        return
    compared = {*cases.constants, *(one for pair in cases.related for one in pair)}
    asks = [*sorted(cases.people), *sorted(cases.events), *sorted({"channel"} & compared)]
    if asks:
        message = f"no event comes with a digest, so nobody can say whether it is `{asks[0]}`"
        names.faults.add("E132", message, at, hint="ask for states, data and counts")


def check_senders(digests: Mapping[str, Digest], readers: Sequence[BodyReader]) -> None:
    """Note each digest that is sent by an action which needs a case: it takes, does or reports."""
    performed = {name for reader in readers for name in reader.performed}
    checked: list[Names] = []
    for reader in readers:
        names = reader.names
        if any(names is one for one in checked):
            continue
        checked.append(names)
        for name in names.part.definition.digests:
            digest = digests.get(names.known["digest"][name])
            if digest is not None and (why := _needs_case(reader, digest.send_by, performed)):
                message = f"the action `{digest.send_by}` {why}, and a digest belongs to no case"
                hint = "give the digest an action of its own, with a title only"
                names.faults.add("E132", message, ("digests", name, "send_by"), hint=hint)


def _needs_case(reader: BodyReader, name: str, performed: set[str]) -> str:
    action = reader.actions[name]
    if action.arguments:
        return "takes arguments"
    if action.reports or action.failed:
        return "leads to an event"
    return "is done for a case as well" if name in performed else ""
