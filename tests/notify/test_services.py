"""Messages to services: an Apprise URL is the address, and a secret."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from escalation_engine.core import Case, Identity, Notify
from escalation_engine.errors import HookError
from escalation_engine.notify import ByChannel, Services

# Apprise asks for a module that Python 3.11 has and newer ones have not.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")

NOW = datetime(2026, 6, 8, 9, tzinfo=UTC)
CASE = Case(Identity("c1", "desk", 1, "hash", NOW), revision=1, at=NOW, states={"main": "work"})


def notice(channel: str | None = None, address: str | None = None) -> Notify:
    contacts = ((channel, address),) if channel else ()
    translations = {"de": ("Achtung", "Sieh hin")}
    return Notify(
        "c1/2/1", "boss", "boss", None, "look", "Look", "Now", translations, contacts=contacts
    )


def test_a_service_gets_subject_and_text(hall):
    Services()(CASE, notice("chat", f"json://127.0.0.1:{hall.port}"))

    assert [(one["title"], one["message"]) for one in hall.posted] == [("Look", "Now")]


def test_the_host_binds_the_url_and_knows_the_language(hall):
    url = f"json://127.0.0.1:{hall.port}"
    Services(address_of=lambda _case, _effect: url, language_of=lambda _case, _effect: "de")(
        CASE, notice()
    )

    assert [(one["title"], one["message"]) for one in hall.posted] == [("Achtung", "Sieh hin")]


def test_a_service_that_refuses_is_an_error_which_tells_no_secret(hall):
    hall.status = 500
    with pytest.raises(HookError) as refused:
        Services()(CASE, notice("chat", f"json://user:secret@127.0.0.1:{hall.port}"))

    assert "did not take the message" in str(refused.value)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("address", "problem"), [(None, "there is no URL"), ("nothing://x", "the URL is of no service")]
)
def test_what_is_no_url_is_an_error(address, problem):
    with pytest.raises(HookError, match=problem):
        Services()(CASE, notice("chat" if address else None, address))


def test_each_channel_has_its_hook():
    heard: list[str] = []
    hook = ByChannel(
        {"email": lambda _case, _effect: heard.append("mail")},
        otherwise=lambda _case, _effect: heard.append("other"),
    )
    for channel in ("email", "phone", None):
        hook(CASE, notice(channel, "x" if channel else None))

    assert heard == ["mail", "other", "other"]


@pytest.mark.parametrize("channel", ["phone", None])
def test_a_channel_that_nobody_takes_is_an_error(channel):
    with pytest.raises(HookError, match="accepted: email"):
        ByChannel({"email": print})(CASE, notice(channel, "x" if channel else None))
