"""An issue of a deliverable opens the escalation procedure that was agreed."""

from __future__ import annotations

from pathlib import Path

import pytest

from escalation_engine import Actor, Case, Engine, load
from escalation_engine.core import Effect
from escalation_engine.errors import BadInput

PROCESSES = Path(__file__).parents[2] / "processes"
POSTER = {"deliverable": "Poster", "kind": "design", "version": "v1"}
art = Actor("art", ["author"])
cora = Actor("cora", ["customer"])


class Host:
    """A host that tells everybody."""

    def notify(self, case: Case, effect: Effect) -> None:
        """It is told."""


def test_a02_3_an_issue_opens_the_escalation_and_hears_of_its_end():
    charts = [
        load(PROCESSES / f"{name}.yaml") for name in ("internal_review", "contract_escalation")
    ]
    with Engine("memory://", charts, hooks=Host()) as engine:
        poster = engine.open_case("internal_review", by=art, data=POSTER)
        engine.send(poster.id, "raise_issue", by=art, data={"issue": "The photographs are lost"})
        engine.tick()
        (issue,) = engine.cases(process="contract_escalation")
        assert (issue.identity.opener, issue.state) == (poster.id, "path.project_manager")
        assert issue.data["issue"] == "The photographs are lost"

        engine.send(issue.id, "resolve", by=cora, data={"resolution": "They are found"})
        engine.tick()

        assert engine.case(poster.id).counts["issues_settled"] == 1


def test_a02_3_a_procedure_that_is_not_there_is_missed_before_anything_starts():
    chart = load(PROCESSES / "internal_review.yaml", parameters={"escalation_process": "nowhere"})

    with pytest.raises(BadInput, match="internal_review@1 opens cases of nowhere"):
        Engine("memory://", [chart])


def test_a02_3_another_procedure_is_bound_with_its_opening():
    bound = {"escalation_process": "inquiry_ladder", "escalation_event": "inquire"}
    chart = load(PROCESSES / "internal_review.yaml", parameters=bound)

    links = {
        (link.process, link.event)
        for ways in chart.main.branches["drafting"]["raise_issue"]
        for link in ways.transition.body.open_case
    }
    assert links == {("inquiry_ladder", "inquire")}
