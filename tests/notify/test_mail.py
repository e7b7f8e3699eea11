"""E-mail really leaves: what a mail server receives, and what happens when it does not."""

from __future__ import annotations

import smtplib
from datetime import UTC, datetime
from typing import Any

import pytest

from escalation_engine.core import Actor, Case, Identity, Notify
from escalation_engine.errors import BadInput, HookError
from escalation_engine.loader import load_text
from escalation_engine.notify import Mail, Security
from escalation_engine.runtime import Engine

NOW = datetime(2026, 6, 8, 9, tzinfo=UTC)
CASE = Case(Identity("c1", "desk", 1, "hash", NOW), revision=1, at=NOW, states={"main": "work"})
GERMAN = {"de": ("Ihre Störung", "Behoben.\nGrüße")}


def notice(address: str | None = "kim@example.org", **changed: Any) -> Notify:
    contacts = (("email", address),) if address else ()
    effect = Notify("c1/2/1", "client", "client", None, "closed", "Your fault", "Mended.\nRegards")
    return effect._replace(contacts=contacts, translations=GERMAN, **changed)


def mail(post_office: Any, **options: Any) -> Mail:
    place = {"host": "127.0.0.1", "port": post_office.port, "security": Security.NONE}
    return Mail(**{"sender": "desk@example.org", **place, **options})


def test_a_message_arrives_with_its_words_and_its_reader(post_office):
    mail(post_office)(CASE, notice())

    (received,) = post_office.received
    assert (received["From"], received["To"]) == ("desk@example.org", "kim@example.org")
    assert received["Subject"] == "Your fault"
    assert received.get_content().splitlines() == ["Mended.", "Regards"]
    assert received["Auto-Submitted"] == "auto-generated"
    assert received["Date"].datetime == NOW


def test_a_message_keeps_its_id_however_often_it_is_tried(post_office):
    for _ in range(2):
        mail(post_office)(CASE, notice())
    mail(post_office)(CASE, notice(id="c1/3/1"))

    first, again, other = (one["Message-ID"] for one in post_office.received)
    assert first == again != other
    assert len({one["References"] for one in post_office.received}) == 1


@pytest.mark.parametrize("language", ["de", "de-AT"])
def test_a_reader_gets_the_nearest_language(post_office, language):
    mail(post_office, language_of=lambda _case, _effect: language)(CASE, notice())

    (received,) = post_office.received
    assert received["Subject"] == "Ihre Störung"
    assert received.get_content().splitlines() == ["Behoben.", "Grüße"]


def test_without_a_translation_the_message_stays_as_it_is_written(post_office):
    mail(post_office, language_of=lambda _case, _effect: "fr")(CASE, notice())

    assert post_office.received[0]["Subject"] == "Your fault"


def test_each_language_has_a_frame_of_its_own(post_office):
    frames = {"": "Hello,\n{text}\n", "de": "Guten Tag,\n{text}\n"}
    for language in (None, "de"):
        hook = mail(post_office, frames=frames, language_of=lambda _case, _effect, it=language: it)
        hook(CASE, notice())

    greetings = [one.get_content().splitlines()[0] for one in post_office.received]
    assert greetings == ["Hello,", "Guten Tag,"]


def test_the_host_knows_addresses_that_the_process_does_not(post_office):
    hook = mail(post_office, address_of=lambda _case, effect: f"{effect.role}@example.org")
    hook(CASE, notice(None))

    assert post_office.received[0]["To"] == "client@example.org"


def test_a_subject_over_several_lines_becomes_one_and_adds_no_header(post_office):
    mail(post_office)(CASE, notice(subject="Your fault\r\nBcc: spy@example.org"))

    (received,) = post_office.received
    assert received["Subject"] == "Your fault Bcc: spy@example.org"
    assert received["Bcc"] is None


def test_a_message_without_a_subject_has_its_first_line(post_office):
    mail(post_office)(CASE, notice(subject=""))

    assert post_office.received[0]["Subject"] == "Mended."


@pytest.mark.parametrize(
    "address", ["kim", "kim@", "@example.org", "a@b@c", "kim@example.org\nBcc: x@y.example", "***"]
)
def test_what_is_no_address_is_not_written_to(post_office, address):
    with pytest.raises(HookError, match="cannot reach client: .* is no address"):
        mail(post_office)(CASE, notice(address))

    assert post_office.received == []


def test_without_any_address_the_hook_says_whom_it_cannot_reach(post_office):
    with pytest.raises(HookError, match="cannot reach client: there is no e-mail address"):
        mail(post_office)(CASE, notice(None))


def test_a_mailbox_that_the_server_does_not_know_is_an_error(post_office):
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        mail(post_office)(CASE, notice("kim@gone.example"))


def test_a_server_without_protection_is_not_trusted_unless_told(post_office):
    with pytest.raises(smtplib.SMTPNotSupportedError):
        mail(post_office, security=Security.STARTTLS)(CASE, notice())

    assert post_office.received == []


@pytest.mark.parametrize(
    ("option", "accepted"),
    [({"sender": "desk"}, "such as desk@"), ({"frames": {"de": "Guten Tag"}}, "{text}")],
)
def test_a_hook_without_sense_is_refused_when_it_is_made(option, accepted):
    with pytest.raises(BadInput) as refused:
        Mail(**{"host": "127.0.0.1", "sender": "desk@example.org", **option})

    assert accepted in str(refused.value)


def test_a_password_is_not_shown():
    hook = Mail(host="mail.example", sender="desk@example.org", username="desk", password="secret")

    assert "secret" not in repr(hook)


DESK = """
process: desk
version: 1
title: A desk
start: open
roles:
  client:
    title: Client
    contacts:
      - {channel: email, address: kim@gone.example}
      - {channel: email, address: kim@example.org}
messages:
  closed: {subject: "{case.id} is closed", text: Mended}
states:
  open: {on: {close: {to: closed, notify: {client: closed}}}}
  closed: {kind: end, outcome: done}
"""


def test_the_engine_sends_it_after_the_commit_and_tries_the_next_contact(post_office):
    class Desk:
        notify = mail(post_office)

    ann = Actor("ann")
    with Engine("memory://", [load_text(DESK)], hooks=Desk(), ids=lambda: "T-1") as engine:
        case = engine.open_case("desk", by=ann)
        engine.send(case.id, "close", by=ann)
        before = list(post_office.received)
        ticked = [engine.tick().delivered for _ in range(2)]

    assert before == []
    assert ticked == [1, 0]
    (received,) = post_office.received
    assert (received["To"], received["Subject"]) == ("kim@example.org", "T-1 is closed")
