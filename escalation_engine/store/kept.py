"""A case with its journal as a store keeps them, column by column, for whoever checks or exports.

Nothing is read into values here: what was changed by hand is seen as it stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["Columns", "KeptCase"]

Columns = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class KeptCase:
    """The columns of a case, of its entries in order, and of what stalled in it.

    `case` is None where entries stand without a case.
    """

    case_id: str
    case: Columns | None
    entries: tuple[Columns, ...]
    stalled: Columns | None = None
