"""A case played by hand: what can happen is offered and done, until the case is closed."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from escalation_engine.chart.model import Chart
from escalation_engine.cli.bringing import Brought, complete
from escalation_engine.cli.case_text import case_lines, either, impossible_lines, option_lines
from escalation_engine.cli.checklist_by_hand import answer_by_hand
from escalation_engine.cli.edge import refuse_usage
from escalation_engine.cli.journal_text import effect_text, entry_lines, journal_lines
from escalation_engine.cli.opening import open_by_hand, who_may_open
from escalation_engine.cli.person_host import PersonHost
from escalation_engine.cli.promise_text import promise_lines
from escalation_engine.cli.prompt import Back, Quit, ask, ask_text, ask_value, choose
from escalation_engine.cli.role import ask_roles, roles_in, unknown_role
from escalation_engine.cli.screen import mark, show
from escalation_engine.cli.task_by_hand import change_task_by_hand
from escalation_engine.cli.time_text import instant_text
from escalation_engine.cli.words import Words
from escalation_engine.core import Actor, Case, Option
from escalation_engine.core.plan import plan_of
from escalation_engine.errors import CallerError, HookError
from escalation_engine.loader import load_family
from escalation_engine.runtime import Engine, SystemClock
from escalation_engine.store import open_store
from escalation_engine.testing.clock import ManualClock
from escalation_engine.testing.elapsing import instant_after, pass_time
from escalation_engine.testing.own_cases import own_cases

__all__ = ["play_by_hand"]

_KEYS = (
    "number, ? why not, n note, c checklist, k task, r record, t time, a act as, j journal, q quit"
)


def play_by_hand(file: Path, *, url: str, name: str, with_journal: bool) -> None:
    """Open a case and play it. Raises DefinitionError for the file, StoreError for the URL."""
    charts = load_family(file)
    chart, host = charts[0], PersonHost(charts)
    if unknown := unknown_role(chart, roles_in(name)):
        refuse_usage(f"--as {name}: {unknown}")
    # In a database there are other cases, and they would live through a time that is made up.
    clock = ManualClock(SystemClock().now()) if url == "memory://" else None
    with closing(open_store(url)) as store:
        engine = Engine(own_cases(store), charts, hooks=host, clock=clock)
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
        self._failed: dict[str, str] = {}
        self._actor: Actor | None = None
        self._first_name = name
        self.case_id = ""
        self._commands: dict[str, Callable[[], None]] = {
            "?": self._why_not,
            "n": self._note,
            "c": self._checklist,
            "k": self._task,
            "r": self._record,
            "t": self._pass_time,
            "a": self._act_as,
            "j": self._journal,
        }

    def run(self) -> None:
        """Play until the case is closed. Raises Quit when the person leaves."""
        show(mark(self._chart.title, "title"))
        show("Ctrl-D or :q leaves, and :b goes back, at any question.")
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
        for line in promise_lines(self._engine.promises(self._case().id)):
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
            self._tell_failures()
        except Back:
            return
        except HookError as error:
            if not isinstance(error.__cause__, Back):
                raise
        except CallerError as error:
            show(f"\n{mark('No.', 'bad')} {error}")

    def _open(self) -> None:
        actor = self._current()
        if wanted := who_may_open(self._chart, actor):
            show(f"\n{mark('No.', 'bad')} {actor.id} may not open a case: it is for {wanted}")
            self._act_or_leave()
            return
        try:
            self.case_id = open_by_hand(self._chart, self._engine, self._host, by=actor).id
        except CallerError as error:
            show(f"\n{mark('No.', 'bad')} {error}")
            self._act_or_leave()

    def _act_or_leave(self) -> None:
        """Let somebody else open the case, or the same person try again."""
        while (answer := ask("[Enter try again, a act as, q quit]\n>").lower()) != "a":
            if answer in ("q", "quit"):
                raise Quit
            if not answer:
                return
            show("      that is none of these")
        self._act_as()

    def _tell_failures(self) -> None:
        """Say of what was given up, or is tried later, that it did not go as it should."""
        for queued in self._engine.outbox(self.case_id) if self.case_id else ():
            known = self._failed.get(queued.effect.id)
            if queued.status != "delivered" and queued.problem and queued.problem != known:
                self._failed[queued.effect.id] = queued.problem
                what = effect_text(self._words, queued.effect)
                show(f"      {mark('failed', 'warn')}: {what}: {queued.problem}")

    def _take(self, option: Option) -> None:
        brought = Brought(self._chart)
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
            field, misfit = self._chart.fields[name], plan_of(self._chart).misfit
            value = ask_value(field, is_optional=False, misfit=misfit)
            self._engine.record(self.case_id, by=self._current(), data={name: value})

    def _task(self) -> None:
        change_task_by_hand(self._words, self._engine, self._case(), by=self._current())

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
        answer_by_hand(self._chart, self._engine, self.case_id, by=self._current())

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
        name, roles = given.partition(":")[0], roles_in(given)
        if not roles and name not in self._people:
            roles = ask_roles(self._words, name)
        if unknown := unknown_role(self._chart, roles):
            show(f"      {unknown}")
            raise Back
        if roles or name not in self._people:
            self._people[name] = Actor(name, roles)
        self._actor = self._people[name]

    def _case(self) -> Case:
        return self._engine.case(self.case_id)

    def _options(self) -> list[Option]:
        """What can happen whatever the guards will say: they are asked when it is chosen."""
        if_yes = self._engine.options(self.case_id, by=self._current())
        with self._host.saying_no():
            if_no = self._engine.options(self.case_id, by=self._current())
        return either(self._words, if_yes, if_no)
