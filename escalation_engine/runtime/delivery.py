"""What each kind of effect means outside: call the host, tell somebody, or turn to another case."""

from __future__ import annotations

import logging
from typing import assert_never

from escalation_engine.chart.model import ENGINE
from escalation_engine.core import (
    Act,
    Actor,
    Alarm,
    Case,
    Digest,
    Notify,
    Opened,
    OpenLinked,
    Reported,
    Sent,
    TellOpener,
)
from escalation_engine.errors import BadInput, CallerError, EventRefused, HostError, KeyReused
from escalation_engine.runtime.attempt import (
    PROBLEM_CHARACTERS,
    Delivered,
    Failed,
    Outcome,
    called,
    told,
)
from escalation_engine.runtime.contacts import ATTEMPT_OK, tell
from escalation_engine.runtime.deciding import Deciding, Links
from escalation_engine.runtime.definitions import Definitions, only_opening
from escalation_engine.runtime.hooks import Hooks
from escalation_engine.runtime.lost import DefinitionLost
from escalation_engine.runtime.receipts import scope_of_effects
from escalation_engine.store.protocol import Queued, Store

__all__ = ["Delivery"]

CaseEffect = Act | Notify | Alarm | OpenLinked | TellOpener
_LOG = logging.getLogger("escalation_engine.runtime")
_ENGINE = Actor(ENGINE, {ENGINE})


class Delivery:
    """Delivers one effect, once; whoever calls it keeps the outcome."""

    def __init__(
        self, store: Store, deciding: Deciding, definitions: Definitions, *, hooks: Hooks
    ) -> None:
        self._store = store
        self._deciding = deciding
        self._definitions = definitions
        self._hooks = hooks

    def deliver(self, queued: Queued) -> Outcome:
        """Return how the attempt went; nothing that the host does wrong is raised."""
        if isinstance(effect := queued.effect, Digest):
            return self._send_digest(effect)
        scope = scope_of_effects(queued.case_id)
        case, kept = self._store.load_for(queued.case_id, queued.effect.id, scope=scope)
        if case is None:
            return Failed("the case is not there any more", is_hopeless=True)
        if kept is not None:
            # It was reported before, and the word of that was lost: the first report wins.
            return Delivered()
        try:
            return self._deliver(case, effect)
        except (CallerError, HostError, DefinitionLost) as error:
            return Failed(told(error))

    def give_up(self, queued: Queued, problem: str) -> None:
        """Send the `failed` event of an action or message, once, however often it is given up."""
        effect = queued.effect
        case = self._store.load(queued.case_id)
        if case is None or not isinstance(effect, Act | Notify):
            return
        chart, recipient = self._definitions.runnable_chart_of(case), None
        if isinstance(effect, Notify):
            message, recipient = chart.messages.get(effect.message), effect.recipient
            event = message.failed if message else ""
        else:
            action = chart.actions.get(effect.name)  # A migrated case may know it no more.
            event = action.failed if action else ""
        if event:
            reported = Reported(
                effect.id, event=event, outcome="failed", recipient=recipient, detail=problem
            )
            self._report(case, reported, key=f"{effect.id}/failed")

    def _send_digest(self, digest: Digest) -> Outcome:
        try:
            answer = called(self._hooks.sender(digest.send_by), digest)
        except HostError as error:
            return Failed(told(error))
        if isinstance(answer, Failed):
            return answer
        if answer is None:
            return Delivered()
        kind = type(answer).__name__
        return Failed(f"action {digest.send_by} returned a value of type {kind}; accepted: None")

    def _deliver(self, case: Case, effect: CaseEffect) -> Outcome:
        match effect:
            case Act():
                return self._act(case, effect)
            case Notify():
                return self._notify(case, effect)
            case Alarm():
                return self._alarm(case, effect)
            case OpenLinked():
                return self._open_linked(case, effect)
            case TellOpener():
                return self._tell_opener(case, effect)
            case _:
                assert_never(effect)

    def _act(self, case: Case, effect: Act) -> Outcome:
        chart = self._definitions.runnable_chart_of(case)
        answer = called(self._hooks.action(effect.name), case, effect)
        action = chart.actions.get(effect.name)
        if action is None and isinstance(answer, str):  # The case was migrated since: journal it.
            return self._report(case, Reported(effect.id, event=answer), key=effect.id)
        reports = action.reports if action is not None else ()
        match answer:
            case Failed():
                return answer
            case None:
                return Delivered()
            case str() if answer in reports:
                return self._report(case, Reported(effect.id, event=answer), key=effect.id)
        accepted = ", ".join((*reports, "None"))
        kind = (
            repr(answer) if isinstance(answer, str) else f"a value of type {type(answer).__name__}"
        )
        return Failed(f"action {effect.name} returned {kind}; accepted: {accepted}")

    def _report(self, case: Case, reported: Reported, *, key: str) -> Outcome:
        """Journal a report. It is not asked for again, also when its event is not taken."""
        try:
            problem = self._deciding.report(case.id, reported, key=key)
        except KeyReused:
            return Delivered()  # another tick was first, with another word
        return Delivered(problem[:PROBLEM_CHARACTERS])

    def _notify(self, case: Case, effect: Notify) -> Outcome:
        handler = self._hooks.standard("notify")
        if handler is None:
            return Failed("the host has no notify hook", is_hopeless=True)

        def journal(attempt: Reported) -> Case:
            key = effect.id if attempt.outcome == ATTEMPT_OK else None
            scope = scope_of_effects(case.id)
            return self._deciding.change(case.id, attempt, key=key, scope=scope)

        return tell(handler, case, effect, journal=journal)

    def _alarm(self, case: Case, effect: Alarm) -> Outcome:
        handler = self._hooks.standard("alarm")
        if handler is None:
            _LOG.warning("alarm case=%s effect=%s kind=%s", case.id, effect.id, effect.kind)
            return Failed("the host has no alarm hook", is_hopeless=True)
        answer = called(handler, case, effect)
        return answer if isinstance(answer, Failed) else Delivered()

    def _open_linked(self, case: Case, effect: OpenLinked) -> Outcome:
        links = Links(opener=case.id, at_end=effect.at_end)
        try:
            now = self._deciding.now()
            chart = self._definitions.opening(effect.process, now=now, data=effect.data)
            opened = Opened(effect.event or only_opening(chart), _ENGINE, data=effect.data)
            scope = scope_of_effects(case.id)
            self._deciding.open(chart, opened, links=links, key=effect.id, scope=scope)
        except CallerError as error:
            return Failed(told(error), is_hopeless=isinstance(error, (EventRefused, BadInput)))
        return Delivered()

    def _tell_opener(self, case: Case, effect: TellOpener) -> Outcome:
        note = f"linked case {case.id} ({case.process}) ended: {effect.outcome}"
        try:
            sent = Sent(effect.event, _ENGINE, note=note)
            scope = scope_of_effects(case.id)
            self._deciding.change(effect.case_id, sent, key=effect.id, scope=scope)
        except EventRefused as refused:
            return Delivered(told(refused))
        return Delivered()
