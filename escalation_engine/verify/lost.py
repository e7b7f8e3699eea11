"""S2: nothing is lost. Every event that a reachable state lists has an enabled branch.

That is a matter of values and answers; gates, and who may speak where, are another.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from escalation_engine.chart.model import Branch, Track
from escalation_engine.core import Case, Input, Opened, Refusal, Sent
from escalation_engine.verify.answering import Answered
from escalation_engine.verify.choosing import branches_of, chosen, draft_of, may_hold
from escalation_engine.verify.flaw import Flaw, branch_element
from escalation_engine.verify.graph import Edge, Graph, Kind
from escalation_engine.verify.model import Model

__all__ = ["Lost"]

_BY_CHOICE = {"condition", "guard"}


@dataclass(slots=True)
class Lost:
    """Listens to an exploration and keeps the first input of each event that no branch takes."""

    found: dict[tuple[tuple[str, ...], str], tuple[Edge, Track, Branch, str]] = field(
        default_factory=dict
    )

    def __call__(  # noqa: PLR0917 - called for every refusal: positions are faster than names
        self,
        model: Model,
        node: int,
        case: Case,
        input: Input,
        refusal: Refusal,
        answered: Answered,
    ) -> None:
        """Look at a refused input."""
        if not isinstance(input, (Sent, Opened)):
            return
        if any(reason.kind not in _BY_CHOICE for reason in refusal.reasons):
            return
        key = (tuple(case.states.values()), input.event)
        if key in self.found:
            return
        draft = draft_of(model, case, input, answered)
        if draft is None:
            return
        listed = branches_of(model.chart, case, input)
        if chosen(draft, listed):
            return  # A gate has refused what was chosen.
        failing = [one for one in listed if may_hold(one[1].transition.when, draft)]
        if failing:
            why = "; ".join(dict.fromkeys(reason.message for reason in refusal.reasons))
            edge = Edge(node, node, Kind.PEOPLE, input, answered, problem=why)
            self.found[key] = edge, *failing[0], why

    def flaws(self, graph: Graph) -> Iterator[Flaw]:
        """Yield one flaw for each place where an event is declared."""
        seen = set()
        for edge, track, branch, why in self.found.values():
            element = branch_element(track, branch)._replace(number=0)
            if element in seen:
                continue
            seen.add(element)
            where = f" in `{branch.leaf}`" if branch.leaf else ""
            yield Flaw(
                "E301",
                f"`{branch.event}` is lost{where}: no branch is enabled, since {why}",
                element,
                "let the last branch stand without a condition, as an else",
                (*graph.path(edge.source), edge),
            )
