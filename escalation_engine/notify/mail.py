"""A `notify` hook that sends e-mail over SMTP, with nothing but the standard library."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from enum import Enum
from hashlib import sha256

from escalation_engine.core import Case, Notify
from escalation_engine.errors import BadInput, HookError
from escalation_engine.notify.letter import Ask, address_for, checked_frames, letter

__all__ = ["Mail", "Security"]


class Security(Enum):
    """How the connection is protected; certificates are always verified."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """Sends each message to one reader: `notify = Mail(host=…, sender=…)` in the host's hooks.

    The address is that of the contact that is being tried, else what `address_of(case, effect)`
    returns. `language_of` chooses among a message's translations, `frames` hold the letter around
    `{text}` by language, "" for the message's own.

    A message keeps its Message-ID however often it is tried, so that a mailbox shows it once, and
    all messages about a case make one thread. Called, it raises HookError where there is no usable
    address, and smtplib's errors or OSError where the server does not take the message. Making it
    raises BadInput for a sender that is no address, and for a frame without `{text}`.
    """

    host: str
    sender: str
    port: int = 587
    security: Security = Security.STARTTLS
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    address_of: Ask | None = None
    language_of: Ask | None = None
    frames: Mapping[str, str] = field(default_factory=dict)
    timeout_seconds: float = 30.0

    def __post_init__(self) -> None:
        checked_frames(self.frames)
        if _address(self.sender) is None:
            problem = f"{self.sender!r} is no address"
            raise BadInput("sender", problem, accepted="such as desk@example.org")

    def __call__(self, case: Case, effect: Notify) -> None:
        """Send the message, or raise."""
        message = self.message(case, effect)
        with self._connected() as server:
            if self.username is not None:
                server.login(self.username, self.password or "")
            server.send_message(message)

    def message(self, case: Case, effect: Notify) -> EmailMessage:
        """Return the message as it would be sent. Raises HookError without a usable address."""
        given = address_for(case, effect, self.address_of)
        reader = None if given is None else _address(given)
        if reader is None:
            who = effect.person or effect.role or effect.recipient
            problem = "there is no e-mail address" if given is None else f"{given!r} is no address"
            raise HookError("notify", f"cannot reach {who}: {problem}")
        language = None if self.language_of is None else self.language_of(case, effect)
        words = letter(effect, language=language, frames=self.frames)
        message = EmailMessage(policy=SMTP)
        message["From"] = self.sender
        message["To"] = reader
        message["Subject"] = words.subject
        message["Date"] = case.at
        message["Message-ID"] = self._reference("effect", effect.id)
        message["References"] = self._reference("case", case.id)
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no answering machine answers it.
        message.set_content(words.text)
        return message

    def _connected(self) -> smtplib.SMTP:
        timeout = self.timeout_seconds
        if self.security is Security.TLS:
            trusted = ssl.create_default_context()
            return smtplib.SMTP_SSL(self.host, self.port, timeout=timeout, context=trusted)
        server = smtplib.SMTP(self.host, self.port, timeout=timeout)
        try:
            if self.security is Security.STARTTLS:
                server.starttls(context=ssl.create_default_context())
        except BaseException:
            server.close()
            raise
        return server

    def _reference(self, kind: str, id: str) -> str:
        """A Message-ID of an id: the same for the same, whatever characters are in it."""
        sender = _address(self.sender)
        assert sender is not None
        return f"<{kind}.{sha256(id.encode('utf-8', 'surrogatepass')).hexdigest()}@{sender.domain}>"


def _address(text: str) -> Address | None:
    """Read `name@domain`, or return None: a line break would begin another header."""
    if not text.isprintable() or text.count("@") != 1:
        return None
    try:
        address = Address(addr_spec=text.strip())
    except (HeaderParseError, ValueError, IndexError):
        return None
    return address if address.username and address.domain else None
