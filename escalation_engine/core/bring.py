"""What an input brings: only what is expected of it, by whom it may, fitting its schema."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from escalation_engine.chart.fault import did_you_mean
from escalation_engine.chart.model import Field
from escalation_engine.core.draft import Draft, Refused
from escalation_engine.core.value import freeze
from escalation_engine.errors import Reason

__all__ = ["UNTOLD", "bring", "fixed", "may_set", "unfit"]

UNTOLD = "the value does not fit"
"""All that is told of a sensitive value: a schema's own words would repeat it."""


def bring(
    draft: Draft, data: Mapping[str, object], *, needs: Collection[str], brings: Collection[str]
) -> None:
    """Lay data over the case, or raise Refused with everything that is wrong with them."""
    reasons: list[Reason] = []
    for name, value in data.items():
        if name in brings:
            reasons += unfit(draft, draft.chart.fields[name], value)
        else:
            hint = did_you_mean(name, brings)
            reasons.append(
                Reason("unexpected_data", f"`{name}` does not belong to it; {hint}", name)
            )
    for name in needs:
        if name not in data:
            title = draft.chart.fields[name].title
            reasons.append(Reason("missing_data", f"`{name}` ({title}) must come with it", name))
    if reasons:
        raise Refused(*reasons)
    for name, value in data.items():
        draft.set_data(name, freeze(value))


def unfit(draft: Draft, field: Field, value: object) -> Iterator[Reason]:
    """Yield why a value cannot be put into a field by this sender."""
    name = field.name
    yield from may_set(draft, field)
    reason = fixed(draft, field, freeze(value))
    if reason is not None:
        yield reason
    if value is None:
        message = f"`{name}`: None is no value; a field is emptied by the process, not by its data"
        yield Reason("invalid_data", message, name)
    elif problem := draft.plan.misfit(field, value):
        told = UNTOLD if field.sensitive else f"{repr(value)[:80]} {problem}"
        yield Reason("invalid_data", f"`{name}`: {told}", name)


def fixed(draft: Draft, field: Field, value: object) -> Reason | None:
    """Return why a field that never changes once it is set cannot become `value`."""
    old = draft.data.get(field.name)
    if field.changes != "never" or old is None or value == old:
        return None
    return Reason("fixed_data", f"`{field.name}` is set and never changes", field.name)


def may_set(draft: Draft, field: Field) -> Iterator[Reason]:
    """Yield why this sender may not set a field at all."""
    by = field.by
    if by is not None and not draft.passes(by.roles, by.slots, engine=by.engine):
        wanted = ", ".join(by.names)
        message = f"`{field.name}` is set by {wanted}, not by {draft.said.by.id}"
        yield Reason("wrong_role", message, field.name)
