"""Each promise of a process held against everything that can happen: kept, or a shortest way out.

The monitors are the very ones that watch single cases; the exploration carries them along.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from typing import NamedTuple

from escalation_engine.chart.model import Chart, Moment, Promise, PromiseForm
from escalation_engine.condition import Condition
from escalation_engine.core import Case, Decision
from escalation_engine.verify.explore import MOST_CONFIGURATIONS, explore
from escalation_engine.verify.graph import Edge, Graph, Kind
from escalation_engine.verify.monitor import Memory, Monitor, Verdict, monitors_of
from escalation_engine.verify.observation import Observation
from escalation_engine.verify.pending import Name, Pending, Span, renewed_by, silent_span
from escalation_engine.verify.span_fits import fits

__all__ = ["Answer", "Follower", "answers", "answers_in", "followers_of"]

_NO_SUM = (
    "time limits on single states do not add up to a deadline for the case: "
    "only a timer or clock on the whole case does"
)


class Answer(NamedTuple):
    """What was found of one promise. Without a `code` it is kept, and `path` is an example.

    E501 it can be broken, E503 what is possible is not, E504 left alone a case does not get there,
    E505 it can come too late, W507 nothing ever calls for it, X901 it could not be decided. `path`
    is a shortest way there; what takes time goes wrong after it, when nobody does anything more.
    """

    promise: Promise
    code: str = ""
    message: str = ""
    hint: str = ""
    path: tuple[Edge, ...] = ()


class Follower:
    """A monitor on its way through an exploration; it notes what the graph does not keep."""

    def __init__(self, monitor: Monitor) -> None:
        self.monitor = monitor
        self.is_called_for = False
        self.renewed: dict[tuple[tuple[str, ...], Hashable], frozenset[Name]] = {}

    @property
    def promise(self) -> Promise:
        """The promise that is followed."""
        return self.monitor.promise

    @property
    def conditions(self) -> Sequence[Condition]:
        """Every condition that it asks of a case."""
        return self.monitor.conditions

    @property
    def moments(self) -> Sequence[Moment]:
        """Every moment that it waits for."""
        return self.monitor.moments

    def begin(self, decision: Decision) -> Memory:
        """Return what it remembers of the decision that opens a case."""
        memory = self.monitor.begin(decision)
        self._note(self.monitor.start, decision.case._replace(states={}), decision, memory)
        return memory

    def follow(self, memory: Hashable, before: Case, decision: Decision) -> Memory:
        """Return what it remembers after one more decision."""
        assert isinstance(memory, Memory), "it is what was returned before"
        found = self.monitor.follow(memory, before, decision)
        self._note(memory, before, decision, found)
        if found == memory and decision.case.states == before.states and found.is_owed:
            entry = decision.entry
            key = (tuple(before.states.values()), memory)
            renewed = renewed_by(self.monitor.chart, entry.steps, entry.input)
            self.renewed[key] = self.renewed.get(key, frozenset()) | renewed
        return found

    def _note(self, memory: Memory, before: Case, decision: Decision, after: Memory) -> None:
        """Note whether anything has called for the promise so far."""
        if self.is_called_for or after.verdict is Verdict.BROKEN or after.is_owed:
            self.is_called_for = True
            return
        counts = memory.is_counting or after.is_counting
        seen = Observation(self.monitor.chart, before, decision)
        self.is_called_for = self._calls(seen, counts=counts)

    def _calls(self, seen: Observation, *, counts: bool) -> bool:
        """Return whether an input calls for the promise: without it the sentence says nothing.

        That a conjunction never holds is what keeps most promises, and no sign of a vacuous one;
        that none of the states that it names is ever reached is.
        """
        promise, subject = self.promise, self.promise.subject
        match promise.form:
            case PromiseForm.WHENEVER | PromiseForm.AT_MOST:
                return counts and subject.holds(seen) is True
            case PromiseForm.NEVER if promise.after is None and promise.until is not None:
                return subject.holds(seen) is True  # Also afterwards: there is a before, then.
            case PromiseForm.NEVER:
                names = subject.states
                return counts and (not names or any(seen.is_in(state) for state in names))
            case _:
                return counts


def followers_of(chart: Chart) -> tuple[Follower, ...]:
    """Return a follower for each promise of a chart, as watchers for one exploration."""
    return tuple([Follower(one) for one in monitors_of(chart)])


def answers(chart: Chart, *, most: int = MOST_CONFIGURATIONS) -> tuple[Answer, ...]:
    """Return what can be said of each promise of a chart, after an exploration of its own."""
    followers = followers_of(chart)
    return answers_in(explore(chart, watchers=followers, most=most), followers)


def answers_in(
    graph: Graph, followers: Sequence[Follower], *, first: int = 0
) -> tuple[Answer, ...]:
    """Return the same from a graph that the followers watched, as watchers from `first` on."""
    return tuple([_answer(graph, one, number) for number, one in enumerate(followers, start=first)])


def _answer(graph: Graph, follower: Follower, number: int) -> Answer:
    promise = follower.promise
    reached = [
        (node, memory)
        for node, one in enumerate(graph.nodes)
        if one.memories and isinstance(memory := one.memories[number], Memory)
    ]
    if promise.form is PromiseForm.POSSIBLE:
        return _possible(graph, promise, [n for n, one in reached if one.verdict is Verdict.KEPT])
    broken = [node for node, memory in reached if memory.verdict is Verdict.BROKEN]
    if broken:
        nearest = min(broken, key=lambda node: (graph.distances[node], node))
        message = f"the promise `{promise.name}` can be broken: {promise.title}"
        return Answer(promise, "E501", message, path=graph.path(nearest))
    owed = frozenset(node for node, memory in reached if memory.is_owed)
    if promise.within is not None and owed:
        late = _in_time(graph, follower, number, owed)
        if late is not None:
            return late
    if not graph.is_whole:
        return _undecided(promise, "not everything that can happen was looked into")
    if not follower.is_called_for:
        message = f"nothing ever calls for the promise `{promise.name}`: it is kept in vain"
        hint = "look for a misspelled state or event, or take it out"
        return Answer(promise, "W507", message, hint)
    return Answer(promise)


def _possible(graph: Graph, promise: Promise, kept: list[int]) -> Answer:
    if kept:
        nearest = min(kept, key=lambda node: (graph.distances[node], node))
        return Answer(promise, path=graph.path(nearest))
    if not graph.is_whole:
        return _undecided(promise, "no way was found so far")
    message = f"`{promise.name}` says that `{promise.subject}` is possible, and no way leads there"
    return Answer(promise, "E503", message)


def _undecided(promise: Promise, why: str) -> Answer:
    return Answer(promise, "X901", f"not decided whether `{promise.name}` is kept: {why}")


def _in_time(graph: Graph, follower: Follower, number: int, owed: frozenset[int]) -> Answer | None:
    """Return why a promise is not kept in time, or that it cannot be told; None: it is."""
    promise = follower.promise
    assert promise.within is not None, "it has a time"
    if promise.within.agreed_in or graph.model.chart.duties:
        return _undecided(promise, "its time is known only when a case runs")
    texts = [text for text in promise.within.texts if text != "none"]
    if not texts:
        return None
    begins = list(_begins(graph, owed, promise))
    alone = {node: silent_span(graph, node, owed) for node in begins}
    for node in sorted(begins, key=lambda node: (graph.distances[node], node)):
        span = alone[node]
        if span is None or all(_fits(follower, span, promise, one) is False for one in texts):
            return _too_late(graph, promise, node, is_silent=True, has_end=span is not None)
    if promise.form is PromiseForm.IF_NOBODY_ACTS:
        spans = [span for span in alone.values() if span is not None]
    else:
        pending = Pending(graph, owed, lambda node: _renewed(graph, follower, number, node))
        if pending.endless:
            return _too_late(graph, promise, pending.endless[0], is_silent=False, has_end=False)
        spans = [pending.longest(begins)]
    if all(_fits(follower, span, promise, one) for span in spans for one in texts):
        return None
    return _undecided(promise, f"it may or may not come in time; {_NO_SUM}")


def _fits(follower: Follower, span: Span, promise: Promise, text: str) -> bool | None:
    return fits(follower.monitor.chart, span, promise, text)


def _begins(graph: Graph, owed: frozenset[int], promise: Promise) -> Iterator[int]:
    """Yield the nodes in which the time begins to run."""
    is_alone = promise.form is PromiseForm.IF_NOBODY_ACTS
    found: set[int] = set()
    for edge in graph.all_edges():
        begins = edge.kind is Kind.PEOPLE if is_alone else edge.source not in owed
        if begins and edge.target in owed and edge.kind is not Kind.STEP:
            found.add(edge.target)
    yield from sorted(found)


def _renewed(graph: Graph, follower: Follower, number: int, node: int) -> frozenset[Name]:
    case, _, memories = graph.nodes[node]
    return follower.renewed.get((tuple(case.states.values()), memories[number]), frozenset())


def _too_late(
    graph: Graph, promise: Promise, node: int, *, is_silent: bool, has_end: bool
) -> Answer:
    where = ", ".join(graph.nodes[node].case.states.values())
    code = "E504" if promise.form is PromiseForm.IF_NOBODY_ACTS else "E505"
    late = "too late" if has_end else "never"
    message = f"`{promise.name}` comes {late} when nobody acts any more in `{where}`"
    if not is_silent:
        message = f"`{promise.name}` can be put off for ever from `{where}` on: {_NO_SUM}"
    hint = "let a timer of the states, or of the whole case, send what leads there in time"
    return Answer(promise, code, message, hint, graph.path(node))
