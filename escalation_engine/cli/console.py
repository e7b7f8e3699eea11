"""A case played by hand: what can happen is offered and done, until the case is closed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from escalation_engine.chart.model import Chart, Checklist
from escalation_engine.cli.bringing import Brought, complete
from escalation_engine.cli.case_text import case_lines, either, impossible_lines, option_lines
from escalation_engine.cli.journal_text import entry_lines, journal_lines
from escalation_engine.cli.person_host import PersonHost
from escalation_engine.cli.prompt import Back, Quit, ask, ask_text, ask_value, choose
from escalation_engine.cli.screen import mark, show
from escalation_engine.cli.time_text import instant_text
from escalation_engine.cli.words import Words
from escalation_engine.core import Actor, Case, Option
from escalation_engine.errors import CallerError, HookError
from escalation_engine.loader import load_family
from escalation_engine.runtime import Engine, SystemClock
from escalation_engine.testing.clock import ManualClock
from escalation_engine.testing.elapsing import instant_after, pass_time

__all__ = ["play_by_hand"]

_KEYS = "number, ? why not, n note, c checklist, r record, t time, a act as, j journal, q quit"


def play_by_hand(file: Path, *, url: str, name: str, with_journal: bool) -> None:
    """Open a case and play it. Raises DefinitionError for the file, StoreError for the URL."""
    charts = load_family(file)
    chart, host = charts[0], PersonHost(charts)
    # In a database there are other cases, and they would live through a time that is made up.
    clock = ManualClock(SystemClock().now()) if url == "memory://" else None
    with Engine(url, charts, hooks=host, clock=clock) as engine:
        session = _Session(chart, engine, host, clock=clock, name=name)
        try:
            session.run()
        except Quit:
            show("left")
        session.end(with_journal=with_journal)
    if session.case_id and url != "memory://":
        show(f"kept in {url} as case {session.case_id}")


class _Session:
    def __init__(
        self,
        chart: Chart,
        engine: Engine,
        host: PersonHost,
        *,
        clock: ManualClock | None,
        name: str,
    ) -> None:
        self._chart = chart
        self._words = Words(chart)
        self._engine = engine
        self._host = host
        self._clock = clock
        self._people: dict[str, Actor] = {}
        self._actor: Actor | None = None
        self._first_name = name
        self.case_id = ""
        self._commands: dict[str, Callable[[], None]] = {
            "?": self._why_not,
            "n": self._note,
            "c": self._checklist,
            "r": self._record,
            "t": self._pass_time,
            "a": self._act_as,
            "j": self._journal,
        }

    def run(self) -> None:
        """Play until the case is closed. Raises Quit when the person leaves."""
        show(mark(self._chart.title, "title"))
        show("Ctrl-D or q leaves; :b goes back from any question.")
        while not self.case_id:
            self._try(self._open)
        while not self._case().is_closed:
            self._turn()

    def end(self, *, with_journal: bool) -> None:
        """Show how it ended, and the journal of a case that is closed."""
        if self.case_id and (with_journal or self._case().is_closed):
            self._journal()

    def _turn(self) -> None:
        actor = self._current()
        show()
        for line in case_lines(self._words, self._case()):
            show(line)
        possible = [option for option in self._options() if option.is_possible]
        show(
            f"\n{actor.id} can:"
            if possible
            else f"\n{actor.id} can do nothing here; ? says why, a lets another act."
        )
        for line in option_lines(self._words, self._case(), possible):
            show(line)
        answer = self._command(len(possible))
        if answer.isdecimal():
            self._try(lambda: self._take(possible[int(answer) - 1]))
        else:
            self._try(self._commands[answer])

    def _command(self, count: int) -> str:
        while True:
            try:
                answer = ask(f"[{_KEYS}]\n>").lower()
            except Back:
                continue
            if answer in ("q", "quit"):
                raise Quit
            if answer in self._commands or (answer.isdecimal() and 0 < int(answer) <= count):
                return answer
            show("      that is none of these")

    def _try(self, step: Callable[[], None]) -> None:
        """Do one thing and deliver what follows; what is refused is told, and nothing changes."""
        try:
            step()
            self._engine.tick()
        except Back:
            return
        except HookError as error:
            if isinstance(error.__cause__, Quit):
                raise Quit from error
            if not isinstance(error.__cause__, Back):
                raise
        except CallerError as error:
            show(f"\n{mark('No.', 'bad')} {error}")

    def _open(self) -> None:
        names = list(self._chart.openings)
        event = names[0]
        if len(names) > 1:
            titles = [self._words.event(name) for name in names]
            event = choose("Open by", names, titles=titles) or event
        actor = self._current()
        show(f"\n{mark(self._words.event(event), 'title')} opens the case.")
        opening = self._chart.openings[event]
        brought = Brought(self._chart.fields)
        brought.ask(opening.needs)
        brought.ask(sorted(opening.brings - set(opening.needs)), is_optional=True)

        def act(brought: Brought) -> Case:
            return self._engine.open_case(
                self._chart.process,
                event=event,
                by=actor,
                data=brought.data,
                note=brought.along.get("note"),
                evidence=brought.along.get("evidence"),
                on_behalf_of=brought.along.get("on_behalf_of"),
            )

        self.case_id = complete(brought, self._host, act).id

    def _take(self, option: Option) -> None:
        brought = Brought(self._chart.fields)
        brought.ask(option.needs)
        brought.ask(option.may_bring, is_optional=True)

        def act(brought: Brought) -> Case:
            return self._engine.send(
                self.case_id,
                option.event,
                by=self._current(),
                data=brought.data,
                note=brought.along.get("note"),
                evidence=brought.along.get("evidence"),
                on_behalf_of=brought.along.get("on_behalf_of"),
            )

        complete(brought, self._host, act)

    def _note(self) -> None:
        self._engine.note(self.case_id, ask_text("Note"), by=self._current())

    def _record(self) -> None:
        names = [name for name, field in self._chart.fields.items() if field.changes == "anytime"]
        if not names:
            show("No field of this process may be recorded without an event.")
            return
        name = choose("Record", names, titles=[self._words.field(name) for name in names])
        if name is not None:
            value = ask_value(self._chart.fields[name], is_optional=False)
            self._engine.record(self.case_id, by=self._current(), data={name: value})

    def _pass_time(self) -> None:
        if self._clock is None:
            show("Time is passed in memory only: here other cases would live through it too.")
            return
        how_long = ask_text("How long, such as +2 working days, +90 minutes, to Monday 09:00")
        until = instant_after(self._chart, self._clock.now(), how_long)
        entries, known = self._engine.journal(self.case_id), self._case().states
        pass_time(self._engine, self._clock, until=until)
        effects = {queued.effect.id: queued.effect for queued in self._engine.outbox(self.case_id)}
        for entry in self._engine.journal(self.case_id)[len(entries) :]:
            for line in entry_lines(self._words, entry, effects, known):
                show(line)
        show(f"It is {instant_text(self._clock.now())} UTC.")

    def _checklist(self) -> None:
        names = list(self._chart.checklists)
        if not names:
            show("This process has no checklists.")
            return
        titles = [checklist.title for checklist in self._chart.checklists.values()]
        name = names[0] if len(names) == 1 else choose("Checklist", names, titles=titles)
        if name is not None:
            checklist = self._chart.checklists[name]
            answers = self._answers(checklist)
            behalf, evidence = self._behalf(checklist)
            self._engine.record(
                self.case_id,
                by=self._current(),
                checklists={name: answers},
                on_behalf_of=behalf,
                evidence=evidence,
            )

    def _answers(self, checklist: Checklist) -> Mapping[str, tuple[str, str | None]]:
        show(mark(checklist.title, "title"))
        answers: dict[str, tuple[str, str | None]] = {}
        for item in checklist.items.values():
            answer = choose(f"{item.text}", item.answers, is_optional=True)
            if answer is not None:
                reason = ask_text("  because") if answer in item.reason_for else None
                answers[item.name] = (answer, reason)
        return answers

    def _behalf(self, checklist: Checklist) -> tuple[str | None, str | None]:
        if all(item.recorded_by is None for item in checklist.items.values()):
            return None, None
        behalf = ask_text("On behalf of", is_optional=True)
        return (behalf, ask_text("Evidence")) if behalf else (None, None)

    def _why_not(self) -> None:
        options = [option for option in self._options() if not option.is_possible]
        show("\nNot now:" if options else "\nEverything can happen now.")
        for line in impossible_lines(options):
            show(line)

    def _journal(self) -> None:
        case = self._case()
        effects = [queued.effect for queued in self._engine.outbox(case.id)]
        show()
        for line in journal_lines(self._chart, case, self._engine.journal(case.id), effects):
            show(line)

    def _current(self) -> Actor:
        if self._actor is None:
            self._act_as()
        assert self._actor is not None
        return self._actor

    def _act_as(self) -> None:
        given, self._first_name = self._first_name or ask_text("Who are you"), ""
        name, _, listed = given.partition(":")
        roles = [role.strip() for role in listed.split(",") if role.strip()]
        if not roles and name not in self._people:
            roles = self._roles(name)
        if roles or name not in self._people:
            self._people[name] = Actor(name, roles)
        self._actor = self._people[name]

    def _roles(self, name: str) -> list[str]:
        known = list(self._chart.roles)
        for number, role in enumerate(known, start=1):
            show(f"  {number:>2}  {self._words.role(role)}")
        while True:
            answer = ask(f"Roles of {name} (numbers or names, Enter: none):")
            parts = answer.replace(",", " ").split()
            roles = [
                known[int(part) - 1] if part.isdecimal() and 0 < int(part) <= len(known) else part
                for part in parts
            ]
            unknown = [role for role in roles if role not in known]
            if not unknown:
                return roles
            show(f"      there is no role {', '.join(unknown)}")

    def _case(self) -> Case:
        return self._engine.case(self.case_id)

    def _options(self) -> list[Option]:
        """What can happen whatever the guards will say: they are asked when it is chosen."""
        if_yes = self._engine.options(self.case_id, by=self._current())
        with self._host.saying_no():
            if_no = self._engine.options(self.case_id, by=self._current())
        return either(self._words, if_yes, if_no)
