"""What parameters switch off, and the same process with all of it switched on.

A timer with `none` does not run, and a field that is set to an unbound parameter stays unset. What
only those could set in motion is not dead: it waits for a parameter.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache

from escalation_engine.chart.model import (
    Amount,
    Body,
    Branch,
    Chart,
    Given,
    GivenKind,
    State,
    Timer,
    Track,
    Transition,
)
from escalation_engine.condition.tree import Truth
from escalation_engine.core.plan import plan_of
from escalation_engine.verify.reads import all_bodies, all_branches, all_transitions
from escalation_engine.verify.sample import example_of

__all__ = ["is_off", "switched_on"]


def is_off(timer: Timer) -> bool:
    """Return whether a parameter has switched a timer off."""
    amount = timer.after
    return not amount.agreed_in and all(text == "none" for text in amount.texts)


@lru_cache(maxsize=64)
def switched_on(chart: Chart) -> tuple[Chart, ...]:
    """Return the chart with all timers and values switched on, and another with its conditions too.

    Nothing where nothing is off.
    """
    return tuple(_switched_on(chart))


def _switched_on(chart: Chart) -> Iterator[Chart]:
    bodies = all_bodies(chart, all_transitions(chart))
    unbound = {name for body in bodies for name, given in body.set if _is_unbound(given)}
    off = [timer for timer in chart.timers.values() if is_off(timer)]
    plan = plan_of(chart)
    values = {name: example_of(plan, chart.fields[name]) for name in unbound}
    timers = {
        key: replace(timer, after=Amount(text="1 hour")) if is_off(timer) else timer
        for key, timer in chart.timers.items()
    }
    is_fixed = any(_is_fixed(one) is not None for one in all_branches(chart))
    if unbound or off:
        yield _bound(chart, timers, _Binding(values, turns_conditions=False))
    if is_fixed:
        yield _bound(chart, timers, _Binding(values, turns_conditions=True))


def _bound(chart: Chart, timers: Mapping[str, Timer], binding: _Binding) -> Chart:
    return replace(
        chart,
        hash=f"{chart.hash} switched on {binding.turns_conditions}",
        timers=timers,
        tracks=tuple(binding.track(track) for track in chart.tracks),
        openings={
            event: replace(one, branches=binding.listed(one.branches))
            for event, one in chart.openings.items()
        },
    )


def _is_unbound(given: Given) -> bool:
    return given.kind is GivenKind.LITERAL and given.content is None


def _is_fixed(branch: Branch) -> bool | None:
    """Return what a parameter has made of a condition; None where it is still open."""
    when = branch.transition.when
    return when.tree.value if when is not None and isinstance(when.tree, Truth) else None


class _Binding:
    """Gives each field that is set to nothing a value, and each fixed condition the other way."""

    def __init__(self, values: Mapping[str, object], *, turns_conditions: bool) -> None:
        self._values = values
        self.turns_conditions = turns_conditions
        self._transitions: dict[int, Transition] = {}

    def track(self, track: Track) -> Track:
        return replace(
            track,
            states={path: self._state(state) for path, state in track.states.items()},
            branches={
                leaf: {event: self.listed(listed) for event, listed in events.items()}
                for leaf, events in track.branches.items()
            },
            always={leaf: self.listed(listed) for leaf, listed in track.always.items()},
        )

    def listed(self, branches: tuple[Branch, ...]) -> tuple[Branch, ...]:
        """What a parameter decides for gives way to what it decides against."""
        if not self.turns_conditions:
            return tuple(map(self._branch, branches))
        kept = [one for one in branches if _is_fixed(one) is not True] or branches
        return tuple(map(self._branch, kept))

    def _branch(self, branch: Branch) -> Branch:
        old = branch.transition
        new = self._transitions.get(id(old))
        if new is None:
            is_turned = self.turns_conditions and _is_fixed(branch) is False
            when = None if is_turned else old.when
            new = replace(old, body=self._body(old.body), when=when)
            self._transitions[id(old)] = new
        return replace(branch, transition=new)

    def _state(self, state: State) -> State:
        return replace(state, entry=self._body(state.entry), exit=self._body(state.exit))

    def _body(self, body: Body) -> Body:
        if not any(_is_unbound(given) for _, given in body.set):
            return body
        given = [
            (name, Given(GivenKind.LITERAL, self._values[name]) if _is_unbound(one) else one)
            for name, one in body.set
        ]
        return replace(body, set=tuple(given))
