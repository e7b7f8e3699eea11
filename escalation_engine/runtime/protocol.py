"""Writes what a process asks of its host as a typed Python protocol, for a person to implement."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from textwrap import wrap

from escalation_engine.chart.model import Action, Chart
from escalation_engine.runtime.hooks import STANDARD, attribute_of, senders_in

__all__ = ["write_protocol"]

WIDTH = 100
INDENT = " " * 4
BODY = INDENT * 2


def write_protocol(chart: Chart) -> str:
    """Return the source of a module with a `Protocol` class: a method for each guard and action.

    A second class holds the standard hooks, which the host may leave out.
    """
    name = "".join(part[:1].upper() + part[1:] for part in chart.process.split("_"))
    lines = [
        f'"""What {chart.process}@{chart.version} asks of its host."""',
        "",
        "from __future__ import annotations",
        "",
        *_imports(chart),
        "",
        "",
        f"class {name}Hooks(Protocol):",
        *_docstring(INDENT, [chart.title]),
        *_guards(chart),
        *_actions(chart),
        "",
        "",
        f"class {name}OptionalHooks(Protocol):",
        *_docstring(INDENT, ["Hooks that the host may have besides."]),
    ]
    for hook, effect in (("notify", "Notify"), ("alarm", "Alarm")):
        does = STANDARD[hook]
        about = [f"{does[0].upper()}{does[1:]}.", "To fail is to raise. Idempotent by `effect.id`."]
        lines += _method(hook, f"self, case: Case, effect: {effect}", ["None"], about)
    return "\n".join([*lines, ""])


def _imports(chart: Chart) -> Iterator[str]:
    types = ["Alarm", "Case", "Notify"]
    senders = senders_in(chart)
    types += ["Act"] if chart.actions.keys() - senders else []
    types += ["Digest"] if senders else []
    types += ["Verdict"] if chart.guards else []
    has_reports = any(action.reports for action in chart.actions.values())
    yield f"from typing import {'Literal, ' if has_reports else ''}Protocol"
    yield ""
    yield f"from escalation_engine.core import {', '.join(sorted(types))}"


def _guards(chart: Chart) -> Iterator[str]:
    for guard in chart.guards.values():
        yield from _method(
            attribute_of(guard.name), "self, case: Case", ["bool | Verdict"], [guard.title]
        )


def _actions(chart: Chart) -> Iterator[str]:
    senders = senders_in(chart)
    for action in chart.actions.values():
        if action.name in senders:
            about = _about_sender(chart, action)
            yield from _method(attribute_of(action.name), "self, digest: Digest", ["None"], about)
            continue
        returns = ["None"]
        if action.reports:
            literal = ", ".join(json.dumps(report) for report in action.reports)
            returns = [f"Literal[{literal}] | None", "str | None"]
        signature = "self, case: Case, effect: Act"
        yield from _method(attribute_of(action.name), signature, returns, _about(action))


def _about_sender(chart: Chart, action: Action) -> Iterator[str]:
    yield action.title
    for digest in chart.digests.values():
        if digest.send_by == action.name:
            shown = f", with {', '.join(digest.shows)}" if digest.shows else ""
            yield f"Sends {digest.name}, {digest.every.text}: cases `{digest.cases}`{shown}."
    yield "`digest.holder` gets `digest.rows`. Called at least once: idempotent by `digest.id`."


def _about(action: Action) -> Iterator[str]:
    yield action.title
    if action.arguments:
        yield "In `effect.arguments`, as JSON Schema:"
    for argument in action.arguments.values():
        schema = json.dumps({"title": argument.title, **argument.schema}, ensure_ascii=False)
        yield f"- {argument.name}: {schema}"
    if action.reports:
        yield f"Returns the event to be sent, or None: {', '.join(action.reports)}."
    if action.failed:
        yield f"After the last failed attempt the engine sends {action.failed}."
    yield "Called at least once: idempotent by `effect.id`."


def _method(
    name: str, parameters: str, returns: list[str], paragraphs: Iterable[str]
) -> Iterator[str]:
    yield ""
    # The last way to write the type is the shortest, for when none fits into the width.
    fits = (found for found in returns if len(f"{INDENT}) -> {found}:") <= WIDTH)
    type = next(fits, returns[-1])
    whole = f"{INDENT}def {name}({parameters}) -> {type}:"
    if len(whole) <= WIDTH:
        yield whole
    else:
        yield f"{INDENT}def {name}("
        yield f"{BODY}{parameters}"
        yield f"{INDENT}) -> {type}:"
    yield from _docstring(BODY, paragraphs)


def _docstring(indent: str, paragraphs: Iterable[str]) -> Iterator[str]:
    """Yield a docstring: the first paragraph, a blank line, the others."""
    first, *others = [_safe(paragraph) for paragraph in paragraphs]
    if not others and len(indent) + len(first) + 6 <= WIDTH:
        yield f'{indent}"""{_spaced(first)}"""'
        return
    width = WIDTH - len(indent)
    head, *tail = _wrapped(first, width - 3)
    yield f'{indent}"""{head}'
    yield from (f"{indent}{line}" for line in tail)
    if others:
        yield ""
    for other in others:
        hang = "  " if other.startswith("- ") else ""
        yield from (f"{indent}{line}" for line in _wrapped(other, width, hang=hang))
    yield f'{indent}"""'


def _wrapped(text: str, width: int, *, hang: str = "") -> list[str]:
    return wrap(text, width, subsequent_indent=hang, break_long_words=False, break_on_hyphens=False)


def _safe(text: str) -> str:
    """Return text that stays inside a docstring, on one line."""
    plain = " ".join(text.split()).replace("\\", "\\\\").replace('"""', "'''")
    return f" {plain}" if plain.startswith('"') else plain or "-"


def _spaced(text: str) -> str:
    return f"{text} " if text.endswith('"') else text
