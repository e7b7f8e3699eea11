"""The host's hooks, bound by name at start: a missing or misshapen one is found right there."""

from __future__ import annotations

import inspect
import keyword
from collections.abc import Callable, Iterable, Iterator
from difflib import get_close_matches
from typing import NamedTuple

from escalation_engine.chart.model import Chart
from escalation_engine.core import Case, Digest, Effect, Verdict
from escalation_engine.errors import HookError, HooksMismatch

__all__ = [
    "STANDARD",
    "Handler",
    "Hooks",
    "Sender",
    "attribute_of",
    "require_directory",
    "senders_in",
]

Handler = Callable[[Case, Effect], object]
Sender = Callable[[Digest], object]
STANDARD = {
    "notify": "tells people, by the channel and address of the effect's contact",
    "alarm": "shows what needs a person's eye",
}
"""Hooks that a process does not name; the host may have them."""

GUARD_SHAPES = (("case", "event"), ("case",))
ACTION_SHAPES = (("case", "effect"),)
SENDER_SHAPES = (("digest",),)


class _Wanted(NamedTuple):
    """A hook that a chart names; `shapes` are the arguments it may take, the fullest first."""

    what: str
    attribute: str
    shapes: tuple[tuple[str, ...], ...]


class Hooks:
    """The host's object with everything that charts name in it.

    Guards are methods `(case)` or `(case, event)`, actions `(case, effect)`, or `(digest)` where
    they send one; a dot in a name of the YAML is an underscore here.
    """

    def __init__(self, host: object) -> None:
        self._host = host
        self._asks_with_event: dict[str, bool] = {}

    def require(self, charts: Iterable[Chart]) -> None:
        """Raise HooksMismatch with everything that is missing or misshapen for these charts."""
        if inspect.isclass(self._host):
            name = self._host.__name__
            raise HooksMismatch([f"{name} is a class: give an object of it, hooks={name}()"])
        problems = list(dict.fromkeys(self._problems(charts)))
        if problems:
            raise HooksMismatch(problems)

    def ask(self, guard: str, case: Case, event: str | None) -> Verdict:
        """Return the host's verdict. Raises HookError when the guard raises or answers nonsense."""
        attribute = attribute_of(guard)
        hook = getattr(self._host, attribute)
        arguments = (case, event) if self._takes_event(attribute, hook) else (case,)
        try:
            answer = hook(*arguments)
        except Exception as error:
            raise HookError(guard, f"raised {type(error).__name__}: {error}") from error
        match answer:
            case bool():
                return Verdict(answer)
            case Verdict(yes=bool(), reason=str()):
                return answer
        raise HookError(guard, f"answered {answer!r}; accepted: True, False or a Verdict")

    def action(self, name: str) -> Handler:
        """Return the handler of an action that `require` has seen."""
        handler: Handler = getattr(self._host, attribute_of(name))
        return handler

    def sender(self, name: str) -> Sender:
        """Return the handler of an action that sends digests. Raises HooksMismatch without it."""
        attribute = attribute_of(name)
        if problem := self._problem(_Wanted(f"action {name}", attribute, SENDER_SHAPES)):
            raise HooksMismatch([f"action {name} {problem}"])
        handler: Sender = getattr(self._host, attribute)
        return handler

    def standard(self, name: str) -> Handler | None:
        """Return a standard hook, or None where the host has none."""
        handler: Handler | None = getattr(self._host, name, None)
        return handler

    def _takes_event(self, attribute: str, hook: Callable[..., object]) -> bool:
        if attribute not in self._asks_with_event:
            self._asks_with_event[attribute] = _shape_of(hook, GUARD_SHAPES) == GUARD_SHAPES[0]
        return self._asks_with_event[attribute]

    def _problems(self, charts: Iterable[Chart]) -> Iterator[str]:
        for chart in charts:
            for wanted in _wanted(chart):
                if problem := self._problem(wanted):
                    yield f"{chart.process}@{chart.version}: {wanted.what} {problem}"
        for name in STANDARD:
            if getattr(self._host, name, None) is not None:
                wanted = _Wanted(f"standard hook {name}", name, ACTION_SHAPES)
                if problem := self._problem(wanted):
                    yield f"{wanted.what} {problem}"

    def _problem(self, wanted: _Wanted) -> str:
        if wanted.what.startswith("action") and wanted.attribute in STANDARD:
            return f"has the name of the standard hook that {STANDARD[wanted.attribute]}: rename it"
        hook = getattr(self._host, wanted.attribute, None)
        written = f"def {wanted.attribute}(self, {', '.join(wanted.shapes[-1])})"
        if hook is None:
            return f"is missing: {written}{self._did_you_mean(wanted.attribute)}"
        if not callable(hook):
            return f"is {type(hook).__name__} and cannot be called: {written}"
        if inspect.isasyncgenfunction(hook):
            return f"is an async generator, which has no one answer: {written}"
        if _is_async(hook):
            return f"is async, which this engine does not await, but AsyncEngine does: {written}"
        if _shape_of(hook, wanted.shapes) is None:
            shapes = " or ".join(f"({', '.join(shape)})" for shape in wanted.shapes)
            return f"takes {inspect.signature(hook)}; accepted: {shapes}"
        return ""

    def _did_you_mean(self, attribute: str) -> str:
        public = [name for name in dir(self._host) if not name.startswith("_")]
        close = get_close_matches(attribute, public, n=1)
        return f"; did you mean {close[0]}?" if close else ""


def require_directory(directory: object) -> None:
    """Raise HooksMismatch for a directory that cannot be asked who holds a role."""
    if directory is None:
        return
    if inspect.isclass(directory):
        raise HooksMismatch([f"directory {directory.__name__} is a class: give an object of it"])
    wanted = _Wanted("method holder of the directory", "holder", (("role", "case"),))
    if problem := Hooks(directory)._problem(wanted):
        raise HooksMismatch([f"{wanted.what} {problem}"])


def attribute_of(name: str) -> str:
    """Return the Python name of a hook: dots become underscores, keywords get one behind."""
    found = name.replace(".", "_")
    return f"{found}_" if keyword.iskeyword(found) else found


def senders_in(chart: Chart) -> frozenset[str]:
    """Return the actions that send digests."""
    return frozenset(digest.send_by for digest in chart.digests.values())


def _wanted(chart: Chart) -> Iterator[_Wanted]:
    for guard in chart.guards.values():
        what = f"guard {guard.name} ({guard.title})"
        yield _Wanted(what, attribute_of(guard.name), GUARD_SHAPES)
    senders = senders_in(chart)
    for action in chart.actions.values():
        what = f"action {action.name} ({action.title})"
        shapes = SENDER_SHAPES if action.name in senders else ACTION_SHAPES
        yield _Wanted(what, attribute_of(action.name), shapes)


def _is_async(hook: Callable[..., object]) -> bool:
    return any(
        inspect.iscoroutinefunction(function)
        for function in (hook, getattr(hook, "__call__", None))  # noqa: B004  an object with async __call__
    )


def _shape_of(
    hook: Callable[..., object],
    shapes: tuple[tuple[str, ...], ...],
) -> tuple[str, ...] | None:
    """Return the first shape that the hook takes by position, or None."""
    try:
        signature = inspect.signature(hook)
    except ValueError:
        return shapes[
            -1
        ]  # written in C and says nothing: the plain shape is as good a guess as any
    for shape in shapes:
        try:
            signature.bind(*shape)
        except TypeError:
            continue
        return shape
    return None
