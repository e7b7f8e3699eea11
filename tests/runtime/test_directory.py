"""Who holds a role: the answers that a directory may give, and what is made of others."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from escalation_engine.core import Case, Found, Identity, Unavailable
from escalation_engine.errors import HookError
from escalation_engine.runtime.directory import StaticDirectory, find_holder

NOW = datetime(2026, 6, 8, 9, tzinfo=UTC)
CASE = Case(
    Identity("c1", "help_desk", 1, "hash", NOW), revision=1, at=NOW, states={"main": "work"}
)


class Broken:
    def holder(self, role: str, case: Case) -> str | None:
        raise ConnectionError("the address book is down")


def test_without_a_directory_the_role_itself_holds():
    assert find_holder(None, "desk", CASE) == Found(None)


def test_a_directory_names_a_person():
    assert find_holder(StaticDirectory({"desk": "ann"}), "desk", CASE) == Found("ann")


@pytest.mark.parametrize("nobody", [{}, {"desk": None}, {"desk": Unavailable()}])
def test_a_directory_may_have_nobody(nobody: dict[str, Unavailable | None]):
    assert find_holder(StaticDirectory(nobody), "desk", CASE) == Unavailable()


def test_a_directory_says_why_there_is_nobody():
    directory = StaticDirectory({"desk": Unavailable("on holiday")})

    assert find_holder(directory, "desk", CASE) == Unavailable("on holiday")


@pytest.mark.parametrize("nonsense", ["", "  ", 7, ["ann"], True])
def test_a_directory_that_answers_nonsense_is_a_hook_error(nonsense: object):
    directory = StaticDirectory({"desk": nonsense})  # type: ignore[dict-item]  # the point

    with pytest.raises(HookError, match="accepted: a person's id, Unavailable or None"):
        find_holder(directory, "desk", CASE)


def test_a_directory_that_raises_is_a_hook_error_with_its_cause():
    with pytest.raises(HookError, match="ConnectionError: the address book is down") as raised:
        find_holder(Broken(), "desk", CASE)

    assert isinstance(raised.value.__cause__, ConnectionError)
