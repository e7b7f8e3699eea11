"""Say a difference between two charts in words."""

from __future__ import annotations

import re

from escalation_engine.chart.difference import Difference, DifferenceKind

__all__ = ["sentence"]

_ASPECTS = {
    ("timer", "after"): "time limit", ("clock", "target"): "target", ("duty", "due"): "due time",
    ("parameter", "value"): "value", ("transition", "by"): "who may send it",
    ("transition", "recorded_by"): "who may record it for others",
    ("transition", "to"): "target", ("transition", "leads_to"): "leads",
    ("transition", "when"): "condition", ("transition", "if"): "guard",
    ("transition", "unless"): "guard that must say no", ("timer", "warn"): "warnings",
    ("role", "side"): "side", ("event", "needs"): "what must come with it",
    ("event", "may_bring"): "what may come with it", ("field", "by"): "who may set it",
    ("track", "at_end"): "what an end of the case means to it",
}  # fmt: skip
_QUANTITY = re.compile(r"(\d+) (.+)")
_LONGEST = 100


def sentence(found: Difference) -> str:
    """Return one line: what it is about, where, and what has changed."""
    name = f"{found.element} `{found.name}`"
    match found.element, found.kind:
        case "transition", _:
            return f"event `{found.name}`{_where(found)}: {_way(found)}"
        case "level", DifferenceKind.ADDED:
            side, _, neighbour = str(found.after).partition(" ")
            return f"{name} added {side} `{neighbour}`{_inside(found)}"
        case (("state" | "level"), DifferenceKind.CHANGED):
            return f"{found.element} {_listed(found.where)}: {_aspect(found)}: {_change(found)}"
        case (("state" | "level"), _):
            return f"{name} {found.kind.value}{_inside(found)}"
        case "ladder", _:
            return f"levels of `{found.name}` in another order: {_change(found)}"
        case "timer", (DifferenceKind.ADDED | DifferenceKind.REMOVED):
            return f"{name}{_where(found)}: {found.kind.value} ({value(found.after)})"
        case _, DifferenceKind.CHANGED:
            return f"{name}{_where(found)}: {_aspect(found)}: {_change(found)}"
    title = f" ({value(found.after)})" if found.after else ""
    return f"{name} {found.kind.value}{title}"


def _way(found: Difference) -> str:
    is_added = found.kind is DifferenceKind.ADDED
    if found.aspect in ("requires", "asks"):
        gate = value(found.after if is_added else found.before)
        word = "gate" if found.aspect == "requires" else "question"
        return f"{word} {found.kind.value}: {gate}"
    if found.kind is not DifferenceKind.CHANGED:
        target = f", to `{found.after}`" if found.after else ""
        return f"{'can now be sent' if is_added else 'can no longer be sent'}{target}"
    return f"{_aspect(found)}: {_change(found)}"


def _aspect(found: Difference) -> str:
    known = _ASPECTS.get((found.element, found.aspect))
    word, _, name = found.aspect.partition(" ")
    return known or f"{word.replace('_', ' ')} {f'`{name}`' if name else ''}".rstrip()


def _change(found: Difference) -> str:
    """`4 → 2 working hours` where the unit stays; else both values."""
    before, after = value(found.before), value(found.after)
    first, second = _QUANTITY.fullmatch(before), _QUANTITY.fullmatch(after)
    if first and second and first[2] == second[2]:
        return f"{first[1]} → {after}"
    return f"{before} → {after}"


def value(said: object) -> str:
    """Return a value as people read it, clipped where it is long."""
    match said:
        case _ if said is None or said in ("", [], {}, ()):
            text = "none"
        case bool():
            text = "yes" if said else "no"
        case {"role": holder, **none} | {"from": holder, **none} if not none:
            text = value(holder)
        case dict():
            text = ", ".join(
                str(key) if item in (None, {}) else f"{key}: {value(item)}"
                for key, item in said.items()
            )
        case list() | tuple():
            text = ", ".join(map(value, said))
        case _:
            text = " ".join(str(said).split())
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _inside(found: Difference) -> str:
    paths = (place.removeprefix("main.").rpartition(".")[0] for place in found.where)
    around = [path for path in dict.fromkeys(paths) if path]
    return f" in {_listed(tuple(around))}" if around else ""


def _where(found: Difference) -> str:
    return f" in {_listed(found.where)}" if found.where and found.element != "track" else ""


def _listed(where: tuple[str, ...]) -> str:
    """The states by path; those of the main track without its name."""
    return ", ".join(f"`{path.removeprefix('main.')}`" for path in where)
