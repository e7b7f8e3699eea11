"""Who takes part: roles with their contacts and alternates, and slots that say who holds a case."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, StrictBool, StrictStr

from escalation_engine.definition.model import Name, Names, Renamed, Text, Traced

__all__ = ["Contact", "Role", "Slot"]


class Contact(Traced):
    """One way to reach a role. Contacts are tried in the order in which they are written."""

    channel: Name = Field(description="phone, email, chat, ... as the host's notify hook knows it.")
    address: StrictStr | None = Field(
        None, description="The address, or $parameter. Unbound: a recorded failed attempt."
    )
    title: Text | None = Field(None, description="What people call it, such as Office.")


class Role(Renamed):
    """A named responsibility; people hold it, the host's directory knows who."""

    title: Text = Field(description="What people call it.")
    description: Text | None = Field(None, description="What it answers for.")
    side: Name | None = Field(
        None, description="The party it belongs to, such as client or vendor."
    )
    contacts: tuple[Contact, ...] = Field((), description="Ways to reach it, tried in order.")
    alternates: Names = Field((), description="Roles that stand in when nobody is available.")
    chosen_by: Names = Field(
        (), description="Facts of the case that tell the directory which of several is appropriate."
    )
    when_nobody: Literal["keep", "refuse"] = Field(
        "keep",
        description="When nobody is available: keep (the role holds it, with an alarm) or refuse.",
    )


class Slot(Renamed):
    """A capacity in which somebody holds a case. owner, assignee and poc are always there."""

    title: Text | None = Field(None, description="What people call it.")
    many: StrictBool = Field(False, description="Whether several people may hold it at once.")
