"""Cases, journal entries and effects as JSON documents and back, exactly.

A document shares the frozen parts of the value that it was made from. Parts that stand at their
default are left out; small tuples such as holders become arrays. It knows nothing of text or
storage: `json` writes and reads a document.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, dataclass, fields, is_dataclass
from operator import attrgetter
from typing import Any

from escalation_engine.core.decision import (
    Answer,
    Answers,
    Entry,
    Found,
    GuardQuestion,
    HolderQuestion,
    InstantQuestion,
    Instants,
    Move,
    Step,
    TaskChange,
    Unavailable,
    Verdict,
)
from escalation_engine.core.digest_document import holder_from, rows_document, rows_from
from escalation_engine.core.effect import (
    Act,
    Alarm,
    Digest,
    Effect,
    Notify,
    OpenLinked,
    TellOpener,
)
from escalation_engine.core.input import (
    Actor,
    Corrected,
    Due,
    Forgotten,
    Fulfilled,
    Input,
    Migrated,
    Noted,
    Opened,
    Recalculated,
    Recorded,
    Reported,
    Sent,
    TaskChanged,
)
from escalation_engine.core.instant import instant_from, instant_text
from escalation_engine.core.snapshot import (
    FORMAT,
    case_document,
    case_from,
    check_format,
    data_from,
    holders_from,
)
from escalation_engine.core.value import FrozenMap, freeze
from escalation_engine.core.watch_document import (
    changes_document,
    changes_from,
    thresholds_document,
    thresholds_from,
)
from escalation_engine.errors import Reason

__all__ = [
    "FORMAT",
    "case_document",
    "case_from",
    "effect_document",
    "effect_from",
    "entry_document",
    "entry_from",
    "instant_from",
    "instant_text",
    "reasons_document",
    "reasons_from",
]

Document = dict[str, Any]
Convert = Callable[[Any], Any] | None


def entry_document(entry: Entry) -> Document:
    """Return the entry with its input and the host's answers."""
    return {"format": FORMAT, **_written(_ENTRY, entry)}


def entry_from(document: Document) -> Entry:
    """Return the entry that the document was made from. Raises ValueError for another format."""
    check_format(document)
    entry: Entry = _read(_ENTRY, document)
    return entry


def effect_document(effect: Effect) -> Document:
    """Return the effect, tagged with its `type`."""
    return {"format": FORMAT, **_tagged(effect)}


def effect_from(document: Document) -> Effect:
    """Return the effect that the document was made from. Raises ValueError for another format."""
    check_format(document)
    effect: Effect = _read(_EFFECTS[document["type"]], document)
    return effect


def reasons_document(reasons: tuple[Reason, ...]) -> list[list[str]]:
    """Return each reason as kind, message, subject."""
    return [[reason.kind, reason.message, reason.subject] for reason in reasons]


def reasons_from(part: list[list[str]]) -> tuple[Reason, ...]:
    """Return the reasons that the arrays were made from."""
    return tuple([Reason(*reason) for reason in part])


def _actor_document(actor: Actor) -> Document:
    return {"id": actor.id, "roles": sorted(actor.roles)}


def _actor_from(part: Document) -> Actor:
    return Actor(part["id"], part["roles"])


def _answers_document(answers: Answers) -> list[Any]:
    return [
        [[_QUESTION_TAGS[type(question)], *question], _answer_document(answer)]
        for question, answer in answers.items()
    ]


def _answer_document(answer: Answer) -> list[Any]:
    if isinstance(answer, Instants):
        return ["instants", thresholds_document(answer.thresholds)]
    return [_ANSWER_TAGS[type(answer)], *answer]


def _instants_from(part: list[Any]) -> Instants:
    return Instants(thresholds_from(part))


def _answers_from(part: list[Any]) -> dict[Any, Any]:
    return FrozenMap(
        {
            _QUESTIONS[asked](*question): _ANSWERS[said](*answer)
            for (asked, *question), (said, *answer) in part
        }
    )


def _input_from(part: Document) -> Input:
    value: Input = _read(_INPUTS[part["type"]], part)
    return value


def _slot_changes_from(part: Document) -> FrozenMap:
    return FrozenMap({slot: tuple(map(holders_from, both)) for slot, both in part.items()})


def _steps_from(part: list[Any]) -> tuple[Step, ...]:
    return tuple([Step(event, tuple([Move(*move) for move in moves])) for event, moves in part])


def _task_changes_from(part: list[Any]) -> tuple[TaskChange, ...]:
    return tuple([TaskChange(*change) for change in part])


@dataclass(frozen=True, slots=True)
class _Shape:
    """How one frozen type is written and read: its fields, their defaults and conversions."""

    make: Callable[..., Any]
    parts: Callable[[Any], tuple[Any, ...]]
    writes: tuple[tuple[str, object, Convert], ...]
    reads: tuple[tuple[str, Convert], ...]


def _shape(kind: type[Any]) -> _Shape:
    # A dataclass and a NamedTuple both have annotations; each keeps its defaults elsewhere.
    if is_dataclass(kind):
        defaults = {field.name: field.default for field in fields(kind)}
    else:
        defaults = dict.fromkeys(kind._fields, MISSING) | kind._field_defaults
    written = kind.__annotations__
    types = {
        name: str(getattr(written[name], "__forward_arg__", written[name])) for name in defaults
    }
    conversions = {name: _CONVERSIONS[types[name]] for name in defaults}
    return _Shape(
        make=kind,
        parts=attrgetter(*defaults),
        writes=tuple((name, default, conversions[name][0]) for name, default in defaults.items()),
        reads=tuple((name, conversions[name][1]) for name in defaults),
    )


def _written(shape: _Shape, value: object) -> Document:
    document: Document = {}
    for part, (name, default, write) in zip(shape.parts(value), shape.writes, strict=True):
        if part is not default and (default is MISSING or part != default):
            document[name] = part if write is None else write(part)
    return document


def _read(shape: _Shape, document: Document) -> Any:
    parts = {
        name: document[name] if read is None else read(document[name])
        for name, read in shape.reads
        if name in document
    }
    return shape.make(**parts)


def _tagged(value: Input | Effect) -> Document:
    tag, shape = _BY_TYPE[type(value)]
    return {"type": tag, **_written(shape, value)}


# How a field is written and read, by its annotation: None leaves it as it is. A field of a type
# that is not listed stops the import, so that nothing is written that cannot be read back.
_CONVERSIONS: dict[str, tuple[Convert, Convert]] = {
    "str": (None, None),
    "str | None": (None, None),
    "int": (None, None),
    "bool": (None, None),
    "Case | None": (case_document, case_from),
    "datetime": (instant_text, instant_from),
    "datetime | None": (instant_text, instant_from),
    "Actor": (_actor_document, _actor_from),
    "Answers": (_answers_document, _answers_from),
    "Holder | None": (None, holder_from),
    "Input": (_tagged, _input_from),
    "Mapping[str, Mapping[str, tuple[str, str | None]]]": (None, freeze),
    "Mapping[str, Mapping[str, str]]": (None, freeze),
    "Mapping[str, object]": (None, data_from),
    "Mapping[str, str]": (None, FrozenMap),
    "Mapping[str, tuple[int, int]]": (None, freeze),
    "Mapping[str, tuple[object, object]]": (None, freeze),
    "Mapping[str, tuple[str, str]]": (None, freeze),
    "Mapping[str, tuple[str, str, str]]": (None, freeze),
    "Mapping[str, tuple[tuple[Holder, ...], tuple[Holder, ...]]]": (None, _slot_changes_from),
    "tuple[DigestRow, ...]": (rows_document, rows_from),
    "tuple[Reason, ...]": (reasons_document, reasons_from),
    "tuple[Step, ...]": (None, _steps_from),
    "tuple[TaskChange, ...]": (None, _task_changes_from),
    "tuple[TimeChange, ...]": (changes_document, changes_from),
    "tuple[str, ...]": (None, tuple),
    "tuple[tuple[str, str | None], ...]": (None, freeze),
    "tuple[tuple[str, str, str], ...]": (None, freeze),
}

_QUESTIONS: dict[str, Callable[..., Any]] = {
    "guard": GuardQuestion,
    "holder": HolderQuestion,
    "instant": InstantQuestion,
}
_ANSWERS: dict[str, Callable[..., Any]] = {
    "found": Found,
    "instants": _instants_from,
    "unavailable": Unavailable,
    "verdict": Verdict,
}
_INPUTS = {
    "corrected": _shape(Corrected),
    "due": _shape(Due),
    "forgotten": _shape(Forgotten),
    "fulfilled": _shape(Fulfilled),
    "migrated": _shape(Migrated),
    "noted": _shape(Noted),
    "opened": _shape(Opened),
    "recalculated": _shape(Recalculated),
    "recorded": _shape(Recorded),
    "reported": _shape(Reported),
    "sent": _shape(Sent),
    "task_changed": _shape(TaskChanged),
}
_EFFECTS = {
    "act": _shape(Act),
    "alarm": _shape(Alarm),
    "digest": _shape(Digest),
    "notify": _shape(Notify),
    "open_linked": _shape(OpenLinked),
    "tell_opener": _shape(TellOpener),
}
_ENTRY = _shape(Entry)
_QUESTION_TAGS: dict[Any, str] = {kind: tag for tag, kind in _QUESTIONS.items()}
_ANSWER_TAGS: dict[Any, str] = {kind: tag for tag, kind in _ANSWERS.items()}
_BY_TYPE: dict[Any, tuple[str, _Shape]] = {
    shape.make: (tag, shape) for tag, shape in (_INPUTS | _EFFECTS).items()
}
