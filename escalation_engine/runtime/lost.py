"""What a case or digest stands on and cannot be had any more."""

from __future__ import annotations

from escalation_engine.errors import StoreError

__all__ = ["DefinitionLost"]


class DefinitionLost(StoreError):
    """The definition of one case or digest, or its dates, cannot be had; others can go on."""
