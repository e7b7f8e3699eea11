"""Mistakes in a scenario are told where they stand, each once, in an owner's words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import escalation_engine
from escalation_engine.errors import DefinitionError
from escalation_engine.testing import play, read_scenario
from escalation_engine.testing.naming import REASON_KINDS

PROCESS = """
process: desk
version: 1
title: A desk
roles: {desk: {title: Service desk}}
guards: {easy: Is it easy?}
opens: {ring: {to: open}}
states:
  open: {on: {solve: {to: done, if: easy}}}
  done: {kind: end, outcome: solved}
"""
SCRIPT = """scenario: It is solved
process: desk.yaml
people: {ann: [desk]}
guards: {easy: yes}
steps:
  - {open: ring, by: ann}
  - {send: solve, by: ann, then: {state: done}}
"""


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "easy: yes",
            "easy: maybe",
            "E111 `easy` is `maybe`; accepted: `yes` or `no` or a mapping",
        ),
        ("people:", "peple:", "E110 the key `peple` is not known here: did you mean `people`?"),
        ("solve, by: ann", "solve, bye: ann", "E110 the key `bye` is not known here: "),
        (
            "state: done",
            "sate: done",
            "E110 the key `sate` is not known here: did you mean `state`",
        ),
        ("open: ring", "open: [ring]", "E111 `open` is a list; accepted: a text"),
        ("easy: yes", "esay: yes", "E113 there is no guard `esay`: did you mean `easy`?"),
        ("[desk]", "[dek]", "E113 there is no role `dek`: did you mean `desk`?"),
        ("state: done", "state: dohne", "E113 there is no state `dohne`: did you mean `done`?"),
        (
            "then: {",
            "refused: wrong_rol, then: {",
            "E113 there is no kind of reason `wrong_rol`: did you mean `wrong_role`?",
        ),
    ],
)
def test_a_mistake_is_told_once_in_words(tmp_path: Path, old: str, new: str, told: str):
    (tmp_path / "desk.yaml").write_text(PROCESS)
    path = tmp_path / "story.yaml"
    path.write_text(SCRIPT.replace(old, new))
    with pytest.raises(DefinitionError) as raised:
        play(read_scenario(path))

    found = [f"{it.code} {it.message}: {it.hint}" for it in raised.value.findings]
    assert any(line.startswith(told) for line in found), found
    assert len(found) == 1


def test_every_kind_of_reason_that_the_core_gives_is_known():
    package = Path(escalation_engine.__file__).parent
    given = {
        kind
        for file in package.rglob("*.py")
        for kind in re.findall(r'Reason\(\s*"([a-z_]+)"', file.read_text(encoding="utf-8"))
    }

    assert given <= REASON_KINDS
