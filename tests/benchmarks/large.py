"""Texts of large processes, as somebody would write them: ladders, conditions, guards, notices.

They are written by rule and not by chance, so that every run loads the same text.
"""

from __future__ import annotations

__all__ = ["ladder_text", "process_text"]

_HEAD = """\
process: large
version: 1
title: A large procedure
description: >-
  A request climbs from tier to tier, and passes one area after another, until it is resolved.
sources:
  S1: {title: The procedure, statements: [1, 2, 3, 4, 5, 6, 7, 8, 9], furniture: [title]}
parameters:
  limit: {type: integer, title: How often work may be rejected, default: 3}
data:
  client: {type: string, title: Client}
  issue: {type: string, title: What the problem is}
  resolution: {type: string, title: Complete problem resolution details}
  priority: {enum: [low, normal, high, critical], title: How soon, default: normal}
  region: {enum: [north, south, east, west], title: Where}
  cost: {type: number, minimum: 0, title: What it has cost so far, default: 0}
  closed_at: {type: level, title: The level that resolved it}
  decision: {enum: [reassign, close], title: What the manager decides}
roles:
  client: {title: Client, side: client}
  service_desk: {title: Service desk}
  tier1: {title: Tier 1 support, alternates: [tier2]}
  tier2: {title: Tier 2 support, alternates: [tier3]}
  tier3: {title: Tier 3 support}
  onsite: {title: Onsite support}
  it_manager: {title: I.T. manager}
  duty_manager: {title: Duty manager, alternates: [it_manager]}
guards:
  resolvable_here: Can this level resolve the issue?
  is_staffed: Is somebody there who can take it?
actions:
  tell_dashboard: Update the dashboard
  engage_vendor: {title: Ask the vendor for help, arguments: {what: {type: string}}}
messages:
  closed: {subject: "Your request {case.id} is closed", text: "{data.resolution}"}
  with_you: {subject: "Request {case.id} is with you", text: "{data.issue} ({data.priority})"}
checklists:
  agreement:
    reset_on: entering manager_decision
    items:
      agreed: {text: The client agrees to closing, by: [client], recorded_by: [it_manager]}
counts:
  rejections: {title: How often the client was not satisfied, up_on: event reject}
events:
  request: {title: A request is received, source: [S1.1]}
  decide: {title: The manager decides, needs: [decision]}
opens:
  request: {to: area0, needs: [client, issue], may_bring: [priority], by: [service_desk, client]}
on:
  note_cost: {by: [assignee], requires: {data: [cost]}, source: [S1.8]}
states:
"""

_LADDER_HEAD = """\
  support:
    title: Support
    source: [S1.4]
    levels:
"""

_EACH_LEVEL = """\
    each_level:
      start: qualification
      on:
        escalate:
          to: next_level
          by: [assignee]
          requires: {note: true}
          clear: [resolution]
          source: [S1.5]
      states:
        qualification:
          title: Qualifying
          on:
            qualify:
              - to: work
                if: [resolvable_here, is_staffed]
                by: [assignee]
                source: [S1.4]
              - to: next_level
                by: [assignee]
        work:
          title: Working
          on:
            resolve:
              to: quality_control
              by: [assignee]
              requires: {data: [resolution]}
        quality_control:
          title: Quality control
          on:
            confirm:
              to: closed
              by: [client]
              recorded_by: [assignee]
              set: {closed_at: this_level}
              visibility: client
            reject:
              - when: rejections < $limit and priority != critical
                to: work
                by: [client]
                clear: [resolution]
                visibility: client
              - to: manager_decision
                by: [client]
    after_last_level: manager_decision
"""

_AREA = """\
  {name}:
    title: Area {number}
    assignee: service_desk
    source: [S1.2]
    entry: {{notify: {{assignee: with_you}}}}
    on:
      escalate_to_manager:
        to: manager_decision
        by: [assignee]
        requires: {{note: true}}
    states:
      sorting:
        title: Sorting out
        on:
          sort:
            - when: priority in [high, critical] and cost > 100
              to: support
              by: [assignee]
              do: tell_dashboard
              source: [S1.3]
            - when: region == north or region is unset
              if: is_staffed
              to: work
              by: [assignee]
            - to: waiting
              by: [assignee]
      waiting:
        title: Waiting for the client
        on:
          answer: {{to: back, by: [client], recorded_by: [assignee]}}
          give_up: {{to: checking, by: [assignee], requires: {{note: true}}}}
      work:
        title: Working
        on:
          ask: {{to: waiting, by: [assignee], notify: {{client: with_you}}}}
          resolve:
            to: checking
            by: [assignee]
            requires: {{data: [resolution]}}
            set: {{cost: 10}}
      checking:
        title: Checking
        on:
          confirm:
            to: closed
            by: [client]
            recorded_by: [assignee]
            visibility: client
          pass_on:
            - when: priority == critical
              to: support
              by: [assignee]
              do: {{engage_vendor: {{what: hardware}}}}
            - to: {following}
              by: [assignee]
"""

_TAIL = """\
  manager_decision:
    title: I.T. manager decision point
    kind: decision
    assignee: it_manager
    on:
      decide:
        - when: decision == reassign
          to: support.{first}
          by: [assignee]
        - when: decision == close
          to: closed_unresolved
          by: [assignee]
          requires: {{checklist: agreement}}
  closed: {{kind: end, outcome: resolved, entry: {{notify: {{client: closed}}}}}}
  closed_unresolved: {{kind: end, outcome: unresolved}}
"""

_LEVELS = ("tier1", "tier2", "tier3", "onsite")


def process_text(states: int = 100) -> str:
    """Return a process of that many states as written: areas of five states, and a ladder."""
    others = 12  # the ladder of four levels with three states in each, the decision, two ends
    areas = (states - others) // 5
    single = states - others - areas * 5
    written = [
        _AREA.format(
            name=f"area{n}",
            number=n + 1,
            following=f"area{n + 1}" if n + 1 < areas else "manager_decision",
        )
        for n in range(areas)
    ]
    levels = [f"      {name}: {{title: {name}, assignee: {name}}}\n" for name in _LEVELS]
    parked = [
        f"  parked{n}:\n    title: Parked\n    on: {{go_on: {{to: area0, by: [service_desk]}}}}\n"
        for n in range(single)
    ]
    ladder = _LADDER_HEAD + "".join(levels) + _EACH_LEVEL
    return _HEAD + "".join(written) + ladder + "".join(parked) + _TAIL.format(first=_LEVELS[0])


def ladder_text(levels: int) -> str:
    """Return a process with a ladder of that many levels; each goes through three states."""
    lines = [f"      level{n}: {{title: Level {n}, assignee: tier1}}\n" for n in range(levels)]
    area = _AREA.format(name="area0", number=1, following="manager_decision")
    ladder = _LADDER_HEAD + "".join(lines) + _EACH_LEVEL
    return _HEAD + area + ladder + _TAIL.format(first="level0")
