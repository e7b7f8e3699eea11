"""A `notify` hook that reaches chats, pagers and text messages through Apprise (an extra)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from escalation_engine.core import Case, Notify
from escalation_engine.errors import BadInput, HookError
from escalation_engine.notify.letter import Ask, address_for, checked_frames, letter

__all__ = ["Services"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Sends each message to an Apprise URL, such as `slack://…` or `twilio://…`.

    The URL is the address of the contact that is being tried, else what `address_of(case, effect)`
    returns; so a process file names the channel, and the deployment binds the secret URL.
    `language_of` and `frames` are those of `Mail`.

    Called, it raises HookError where there is no usable URL or the service did not take the
    message. Making it raises BadInput without the extra: pip install 'escalation-engine[apprise]'.
    """

    address_of: Ask | None = None
    language_of: Ask | None = None
    frames: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        checked_frames(self.frames)
        try:
            import apprise  # noqa: F401, PLC0415 - optional, and used only later
        except ImportError as error:
            problem = "the package apprise is not installed"
            accepted = "pip install 'escalation-engine[apprise]'"
            raise BadInput("Services", problem, accepted=accepted) from error

    def __call__(self, case: Case, effect: Notify) -> None:
        """Send the message, or raise. No URL is repeated in an error: it holds a secret."""
        from apprise import Apprise  # noqa: PLC0415 - the package is optional

        who = effect.person or effect.role or effect.recipient
        url = address_for(case, effect, self.address_of)
        service = Apprise()
        if url is None or not service.add(url):
            problem = "there is no URL" if url is None else "the URL is of no service"
            raise HookError("notify", f"cannot reach {who}: {problem}")
        language = None if self.language_of is None else self.language_of(case, effect)
        words = letter(effect, language=language, frames=self.frames)
        if not service.notify(title=words.subject, body=words.text):
            raise HookError("notify", f"cannot reach {who}: the service did not take the message")
