"""Values that stand for all values of a field: one for each part that conditions tell apart."""

from __future__ import annotations

from collections.abc import Iterable

from escalation_engine.chart.model import Field
from escalation_engine.condition.vocabulary import Kind
from escalation_engine.core.plan import Plan

__all__ = ["MOST_VALUES", "example_of", "examples"]

MOST_VALUES = 64
"""Fields that are compared with each other are tried with all their values up to so many."""

_TEXTS = (
    "something", "x", "1", "A1", "AB-123", "12345", "name@example.org", "https://example.org",
    "+44 20 7946 0000", "2026-06-08", "09:00",
)  # fmt: skip
_BY_TYPE: dict[str, tuple[object, ...]] = {
    "boolean": (True, False),
    "date": ("2026-06-08",),
    "instant": ("2026-06-08T09:00:00+00:00",),
    "duration": ("1 hour",),
    "schedule": ("Monday 09:00",),
    "person": ("somebody",),
    "array": ((), ("something",), (1,)),
    "object": ({},),
}


def examples(
    plan: Plan, field: Field, constants: Iterable[object], *, is_related: bool
) -> tuple[object, ...]:
    """Return the values of a field to try: each constant it is held against, and what is beside.

    Empty where no value is known that fits the schema of the field.
    """
    held = set(constants)
    kind = field.domain.kind
    if kind is Kind.BOOLEAN:
        tried: list[object] = [True, False]
    elif field.domain.values:
        tried = _values_of(field, held, is_related=is_related)
    elif kind.is_number:
        tried = _numbers(field, held, is_related=is_related)
    elif kind is Kind.TEXT and held:
        tried = sorted(held, key=str) + _strangers(plan, field, held)
    else:
        tried = []
    fitting = [value for value in tried if not plan.misfit(field, value)]
    if fitting:
        return tuple(dict.fromkeys(fitting))
    found = example_of(plan, field)
    return () if found is None else (found,)


def example_of(plan: Plan, field: Field) -> object:
    """Return one value that fits a field, or None where none is known."""
    schema = field.schema
    words: list[object] = []
    for word in ("const", "default"):
        words += [schema[word]] if word in schema else []
    listed = schema.get("examples", ())
    words += listed if isinstance(listed, (list, tuple)) else []
    words += [field.default] if field.default is not None else []
    least = schema.get("minLength", 0)
    long = "something " * (int(least) // 10 + 1) if isinstance(least, int) else ""
    tried = (
        *words, *field.domain.values[:1], *_BY_TYPE.get(field.type, ()), *_TEXTS, long,
        *_numbers(field, set(), is_related=False),
    )  # fmt: skip
    return next((value for value in tried if not plan.misfit(field, value)), None)


def _values_of(field: Field, held: set[object], *, is_related: bool) -> list[object]:
    """Return the values that are told apart, and one that stands for all others."""
    values = field.domain.values
    texts = {_as_written(one) for one in held}
    told = [value for value in values if _as_written(value) in texts]
    if is_related:
        return list(values)
    others = [value for value in values if _as_written(value) not in texts]
    return [*told, *others[:1]]


def _as_written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _strangers(plan: Plan, field: Field, held: set[object]) -> list[object]:
    tried: Iterable[object] = (text for text in (*_TEXTS, "something else") if text not in held)
    return [one for one in tried if not plan.misfit(field, one)][:1]


def _numbers(field: Field, held: set[object], *, is_related: bool) -> list[object]:
    """Return each constant, and a number in each stretch between two, below, and above."""
    schema = field.schema
    low, high = _bound(schema.get("minimum")), _bound(schema.get("maximum"))
    whole = field.domain.kind is not Kind.NUMBER
    if is_related and whole and low is not None and high is not None and high - low < MOST_VALUES:
        return list(range(int(low), int(high) + 1))
    cuts = sorted({number for one in held if (number := _number(one)) is not None})
    edges = [edge for edge in (low, high, 0, 1) if edge is not None]
    step = 1 if whole else 0.5
    tried = [near for cut in cuts for near in (cut - step, cut, cut + step)]
    tried += [] if cuts else edges
    found = sorted({int(one) if whole else one for one in tried})
    fitting = [
        one for one in found if (low is None or one >= low) and (high is None or one <= high)
    ]
    kept: list[object] = list(_one_each(fitting, cuts))
    return kept or list(edges)


def _one_each(numbers: list[float], cuts: list[float]) -> Iterable[float]:
    """Yield the first number of each stretch that the cuts leave."""
    seen = set()
    for number in numbers:
        stretch = (sum(cut < number for cut in cuts), number in cuts)
        if stretch not in seen:
            seen.add(stretch)
            yield number


def _number(value: object) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        return value
    try:
        return float(str(value))
    except ValueError:
        return None


def _bound(value: object) -> float | None:
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None
