"""Which keys of the language hold names, and of what: sections by their key, `state` for states.

Where a name may be of several kinds, the first that declares it counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

__all__ = [
    "CONDITIONS",
    "HOLDING_NAMES",
    "MOMENT_WORDS",
    "NAMES",
    "PAIRS",
    "PROSE",
    "SECTIONS",
    "STATE",
    "WORDED",
    "is_word",
]

STATE: Final = "state"

SECTIONS: Final = (
    "parameters", "data", "roles", "slots", "guards", "actions", "messages", "checklists",
    "counts", "events", "calendars", "clocks", "duties", "digests", "promises",
)  # fmt: skip
"""The keys at the top of a process behind which named elements stand."""

_PEOPLE: Final = ("roles", "slots")
_HOLDERS: Final = ("roles", "data")

NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "by": _PEOPLE, "recorded_by": _PEOPLE, "owed_by": _PEOPLE, "for": _PEOPLE,
    "assignee": _HOLDERS, "owner": _HOLDERS, "alternates": ("roles",),
    "chosen_by": ("data",), "clear": ("data",), "needs": ("data",), "may_bring": ("data",),
    "from": ("data",), "field": ("data",), "level": ("data",), "depends_on": ("data",),
    "agreed_in": ("data",), "data": ("data",), "with": ("data",), "roles": ("roles",),
    "slot": ("slots",), "if": ("guards",), "unless": ("guards",), "guard": ("guards",),
    "send": ("events",), "reports": ("events",), "failed": ("events",), "shares": ("events",),
    "checklist": ("checklists",), "duty": ("duties",), "calendar": ("calendars",),
    "send_by": ("actions",), "start": (STATE,), "to": (STATE,), "after_last_level": (STATE,),
    "before_first_level": (STATE,), "paused_in": (STATE,), "valid_by": ("data",),
}  # fmt: skip
"""Behind these stands a name, a list of names, or a mapping whose values are names."""

PAIRS: Final[Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "assign": (("slots",), _HOLDERS), "notify": (_PEOPLE, ("messages",)),
    "different_from": (("slots",), ("slots", "data")), "do": (("actions",), ()),
    "extend": (("clocks",), ()), "set": (("data",), ()), "on": (("events",), ()),
    "opens": (("events",), ()),
}  # fmt: skip
"""Behind these stands a mapping whose keys are names, and perhaps its values; or only names."""

WORDED: Final = (
    "starts", "stops", "opens", "done_by", "up_on", "reset_on", "while", "past", "per"
)  # fmt: skip
"""Behind these stands a name with words before it: a moment, or the like."""

MOMENT_WORDS: Final[Mapping[str, str]] = {
    "event": "events", "entering": STATE, "leaving": STATE, "in": STATE, "slot": "slots",
    "role": "roles", "checklist": "checklists", "clock": "clocks", "duty": "duties",
    "due of": "clocks",
}  # fmt: skip
"""What the name behind these words is one of."""

CONDITIONS: Final = ("when", "cases")
"""Behind these stands a condition."""

PROSE: Final = (
    "title", "description", "guidance", "inferred", "assumption", "source", "sources",
    "references", "hours", "special", "yearly", "properties", "sealed", "say",
)  # fmt: skip
"""What stands behind these names nothing of the process."""

HOLDING_NAMES: Final = frozenset(
    (*SECTIONS, *PAIRS, "states", "levels", "tracks", "timers", "items", "arguments", "warn")
)
"""The keys of what stands behind these are made up by the author, and are no words."""


def is_word(path: Sequence[str | int]) -> bool:
    """Whether the last key is a word of the language and no name: a state may be called levels."""
    is_name = holds_names = False
    for key in path:
        is_name = holds_names
        holds_names = not is_name and key in HOLDING_NAMES
    return not is_name
