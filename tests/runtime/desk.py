"""A small desk for the tests of the shell: a process, the actors at it, and its host."""

from __future__ import annotations

from collections.abc import Callable

from escalation_engine.core import Act, Actor, Alarm, Case, Effect, Notify, Verdict

ann = Actor("ann", roles={"desk"})
bob = Actor("bob", roles={"desk"})
mia = Actor("mia", roles={"manager"})

HELP_DESK = """
process: help_desk
version: 1
title: Service request escalation
data:
  client: {type: string, title: Client}
  issue: {type: string, title: What is wrong}
  phone: {type: string, changes: anytime, sensitive: true}
roles:
  desk: {title: Service desk}
  manager:
    title: Manager
    contacts:
      - {channel: phone, address: "***"}
      - {channel: pager, address: "555-0100"}
      - {channel: email, address: manager@desk.example}
  client: {title: Client, side: client}
guards:
  resolvable: Can the desk resolve it?
actions:
  engage_vendor:
    title: Ask the vendor for help
    arguments: {issue: {type: string}}
    reports: [vendor_helped, vendor_declined]
    failed: vendor_silent
  write_log: Write the desk's log
messages:
  raised: {subject: "Case {case.id}", text: "Please look: {data.issue}"}
  finished: {subject: Done, text: It is done.}
checklists:
  agreement:
    items:
      agreed: {text: The client agrees, answers: [yes, no, na], passes: [yes, na], reason_for: [na]}
opens:
  request: {to: work, needs: [client], may_bring: [issue], by: [desk]}
states:
  work:
    assignee: desk
    on:
      describe: {requires: {data: [issue]}}
      log: {do: write_log}
      log_twice: {do: [write_log, engage_vendor]}
      ask_vendor: {to: vendor, do: {engage_vendor: {issue: {field: issue}}}}
      escalate:
        to: decision
        requires: {note: true}
        notify: {manager: raised}
        visibility: client
      finish:
        - {to: closed, if: resolvable}
        - {to: decision}
  vendor:
    on:
      vendor_helped: {to: closed}
      vendor_declined: {to: work, by: [engine]}
      vendor_silent: {to: decision, by: [engine]}
      withdraw: {to: work}
  decision:
    kind: decision
    assignee: manager
    on:
      close: {to: closed, by: [manager], requires: {checklist: [agreement]}}
      send_back: {to: work, by: [manager]}
  closed: {kind: end, outcome: resolved, entry: {notify: {client: finished}}}
events:
  describe: {title: It is described, may_bring: [issue]}
"""


class Desk:
    """A host whose answers a test sets, and which keeps what it was asked to do."""

    def __init__(self) -> None:
        self.verdict: bool | Verdict | Callable[[Case], bool] = True
        self.returns: dict[str, object] = {}
        self.raises: dict[str, Exception] = {}
        self.done: list[tuple[str, Case, Effect]] = []
        self.asked: list[tuple[Case, str | None]] = []

    def resolvable(self, case: Case, event: str | None) -> bool | Verdict:
        self.asked.append((case, event))
        return self.verdict(case) if callable(self.verdict) else self.verdict

    def engage_vendor(self, case: Case, effect: Act) -> object:
        return self._do("engage_vendor", case, effect)

    def write_log(self, case: Case, effect: Act) -> object:
        return self._do("write_log", case, effect)

    def notify(self, case: Case, effect: Notify) -> object:
        return self._do("notify", case, effect)

    def alarm(self, case: Case, effect: Alarm) -> object:
        return self._do("alarm", case, effect)

    def names(self) -> list[str]:
        return [name for name, _, _ in self.done]

    def _do(self, name: str, case: Case, effect: Effect) -> object:
        self.done.append((name, case, effect))
        if name in self.raises:
            raise self.raises[name]
        return self.returns.get(name)
