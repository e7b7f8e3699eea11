"""Reads durations and marks: `1 hour 30 minutes`, `2 working days`, `75%`, `1 hour before`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from enum import Enum
from fractions import Fraction
from typing import NamedTuple, assert_never

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
    counted,
    write_duration,
)
from escalation_engine.calendar.fault import did_you_mean, listed

__all__ = ["parse_duration", "parse_mark"]

_SECONDS = {"second": 1, "minute": 60, "hour": 3600}
_UNITS = (*_SECONDS, "day", "week", "month")
_KINDS = ("working", *(f"{unit}s" for unit in _UNITS))
_MEANT = {
    "business": "working", "work": "working", "office": "working",
    "sec": "seconds", "min": "minutes", "hr": "hours", "wk": "weeks", "year": "months",
}  # fmt: skip
_LETTERS = {
    "s": ("second",), "m": ("minute", "month"), "min": ("minute", "working minute"),
    "h": ("hour", "working hour"), "d": ("day", "working day"), "w": ("week",),
    "bh": ("working hour",), "wh": ("working hour",),
    "bd": ("working day",), "wd": ("working day",),
}  # fmt: skip
_EXAMPLES = "write `90 minutes`, `4 working hours`, `2 working days`, `8 weeks` or `none`"
_LONGEST = {"second": 100 * 366 * 86_400, "day": 36_525, "week": 5_218, "month": 1_200}  # 100 years
_SHARE = re.compile(r"(\S*?)\s*%", re.ASCII)


class _Term(NamedTuple):
    """One number with its unit, in the singular, and where it begins."""

    number: int
    unit: str
    offset: int


def parse_duration(text: str) -> Duration:
    """Return the duration that a text says; a `DurationError` says what would be accepted."""
    if text.strip().casefold() == "none":
        return NO_LIMIT
    terms = list(_terms(text))
    if not terms:
        raise DurationError("the duration is empty", hint=_EXAMPLES)
    numbers: dict[str, int] = {}
    for term in terms:
        if term.unit in numbers:
            message = f"`{term.unit}s` are given twice"
            raise DurationError(message, offset=term.offset, hint="add them up")
        numbers[term.unit] = term.number
    return _sum(numbers, terms)


def parse_mark(text: str) -> Mark:
    """Return the mark that a text says: a share of a target, or a duration before it is due."""
    stripped = text.strip()
    if share := _SHARE.fullmatch(stripped):
        if not re.fullmatch(r"[1-9]\d?", share[1], re.ASCII):
            message = f"`{stripped}` is no share of a target"
            raise DurationError(message, hint="write a whole number from `1%` to `99%`")
        return Share(int(share[1]))
    words = stripped.rsplit(maxsplit=1)
    if len(words) < 2 or words[1].casefold() != "before":
        message = f"`{stripped}` is no mark on the way to a target"
        raise DurationError(message, hint="write `75%` or `1 hour before`")
    duration = parse_duration(text[: text.casefold().rindex("before")])
    if isinstance(duration, NoLimit):
        raise DurationError("`none` is no time before anything", hint="write `1 hour before`")
    return Before(duration)


def _terms(text: str) -> Iterator[_Term]:
    """Yield the terms of a text, each unit in the singular with `working` before it."""
    words = [(match[0].casefold(), match.start()) for match in re.finditer(r"\S+", text)]
    while words:
        word, offset = words.pop(0)
        number = _whole_number(word, offset, [word for word, _ in words[:2]])
        if not words:
            choices = ("minute", "hour", "working hour", "day", "working day")
            hint = "write " + listed(counted(number, unit) for unit in choices)
            raise DurationError(f"`{word}` has no unit", offset=offset, hint=hint)
        unit, unit_offset = words.pop(0)
        is_working = unit == "working"
        if is_working:
            if not words:
                raise DurationError("`working` what?", offset=unit_offset, hint=_EXAMPLES)
            unit, unit_offset = words.pop(0)
        yield _Term(number, _unit(unit, unit_offset, is_working=is_working), offset)


def _whole_number(word: str, offset: int, following: list[str]) -> int:
    """Return the number above 0 that a word says; `following` words serve the hint."""
    if re.fullmatch(r"0+", word):
        hint = "write `none` for no limit"
        raise DurationError("a duration is longer than nothing", offset=offset, hint=hint)
    if re.fullmatch(r"\d{1,10}", word, re.ASCII):
        return int(word)
    rest = " ".join([word.lstrip("+-"), *following])
    if re.fullmatch(r"[+-]\d.*", word):
        problem = "cannot be negative" if word[0] == "-" else "has no sign"
        raise DurationError(f"a duration {problem}", offset=offset, hint=f"write `{rest}`")
    if re.fullmatch(r"\d*[.,]\d+", word, re.ASCII):
        message = f"`{word}` is no whole number"
        raise DurationError(message, offset=offset, hint=_in_whole_numbers(word, following))
    if glued := re.fullmatch(r"(\d{1,10})([^\W\d]+)", word, re.ASCII):
        number, unit = int(glued[1]), glued[2]
        units = _LETTERS.get(unit) or [unit.removesuffix("s")]
        choices = [f"`{counted(number, each)}`" for each in units]
        is_whole = units[0] in _UNITS and unit not in _LETTERS
        message = f"`{word}` " + ("lacks a space" if is_whole else "is too short to be clear")
        raise DurationError(message, offset=offset, hint=f"write {' or '.join(choices)}")
    if word.isdecimal():
        raise DurationError(f"`{word}` is too large", offset=offset, hint=_EXAMPLES)
    raise DurationError(f"a number is missing before `{word}`", offset=offset, hint=_EXAMPLES)


def _in_whole_numbers(word: str, following: list[str]) -> str:
    """Return how to say a fraction of a unit in a smaller one."""
    is_working = following[:1] == ["working"]
    unit = "".join(following[int(is_working) :][:1]).removesuffix("s")
    seconds = Fraction(word.replace(",", ".")) * _SECONDS.get(unit, 0)
    if not seconds or seconds.denominator != 1:
        return "write whole numbers, such as `90 minutes`"
    whole = seconds.numerator
    if is_working:
        return f"write `{write_duration(WorkingTime(timedelta(seconds=whole)))}`"
    minutes, rest = divmod(whole, 60)
    return f"write `{counted(whole, 'second') if rest else counted(minutes, 'minute')}`"


def _unit(word: str, offset: int, *, is_working: bool) -> str:
    unit = word.removesuffix("s")
    if unit not in _UNITS:
        message = f"`{word}` is no unit of time; accepted: {listed(_KINDS)}"
        meant = _MEANT.get(word) or _MEANT.get(unit)
        hint = f"did you mean `{meant}`?" if meant else did_you_mean(word, _KINDS)
        raise DurationError(message, offset=offset, hint=hint)
    if not is_working:
        return unit
    if unit in ("week", "month"):
        message = f"there are no working {unit}s"
        raise DurationError(message, offset=offset, hint="count `working days`")
    return f"working {unit}"


def _sum(numbers: dict[str, int], terms: list[_Term]) -> Duration:
    """Return the duration of the numbers by unit, all of one kind and none too large."""
    kinds = [_kind(term.unit) for term in terms]
    for term, kind in zip(terms, kinds, strict=True):
        if kind is not kinds[0]:
            message = f"{kinds[0].value} and {kind.value} do not add up"
            raise DurationError(message, offset=term.offset, hint=_one_kind(numbers, set(kinds)))
        if kind in (_Kind.DAYS, _Kind.PERIOD):
            _check_length(term.number, _LONGEST[_bare(term.unit)], term.offset)
    match kinds[0]:
        case _Kind.DAYS:
            return WorkingDays(numbers["working day"])
        case _Kind.PERIOD:
            return Period(*(numbers.get(unit, 0) for unit in ("month", "week", "day")))
        case _Kind.ELAPSED | _Kind.WORKING as kind:
            seconds = _seconds(numbers)
            _check_length(seconds, _LONGEST["second"], terms[0].offset)
            time = timedelta(seconds=seconds)
            return time if kind is _Kind.ELAPSED else WorkingTime(time)
        case _:
            assert_never(kinds[0])


def _check_length(length: int, longest: int, offset: int) -> None:
    if length > longest:
        hint = "write `none` for no limit"
        raise DurationError("a duration of more than 100 years", offset=offset, hint=hint)


class _Kind(Enum):
    """What a unit measures, in the words of a fault."""

    ELAPSED = "elapsed time"
    WORKING = "working time"
    DAYS = "working days"
    PERIOD = "a calendar period"


def _kind(unit: str) -> _Kind:
    is_working = unit != _bare(unit)
    if _bare(unit) in _SECONDS:
        return _Kind.WORKING if is_working else _Kind.ELAPSED
    return _Kind.DAYS if is_working else _Kind.PERIOD


def _bare(unit: str) -> str:
    return unit.removeprefix("working ")


def _one_kind(numbers: dict[str, int], kinds: set[_Kind]) -> str:
    """Return how to say a mixture in one kind, where it has one meaning."""
    if kinds != {_Kind.ELAPSED, _Kind.WORKING}:
        return "say it in one kind of time"
    time = timedelta(seconds=_seconds(numbers))
    return f"write `{write_duration(WorkingTime(time))}`, or leave out `working`"


def _seconds(numbers: dict[str, int]) -> int:
    return sum(number * _SECONDS[_bare(unit)] for unit, number in numbers.items())
