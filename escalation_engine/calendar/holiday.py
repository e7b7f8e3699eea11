"""Looks up the public holidays of a country or a part of it, from the `holidays` package."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from escalation_engine.calendar.fault import TextError, did_you_mean, listed

__all__ = ["holidays_of", "holidays_release"]


def holidays_of(place: str, years: Sequence[int]) -> dict[date, str]:
    """Return date and name of each holiday of `GB-ENG` or `US`; two names are joined by `; `.

    A `TextError` says what is wrong with the place.
    """
    # Imported late: it is large, and needed only when a calendar is resolved.
    from holidays import country_holidays, list_supported_countries  # noqa: PLC0415 - see above

    places = list_supported_countries(include_aliases=True)
    country, _, region = place.partition("-")
    if country not in places:
        codes = list_supported_countries(include_aliases=False)
        full = [*codes, *(f"{code}-{part}" for code, parts in codes.items() for part in parts)]
        hint = did_you_mean(place, full) or "write a country's two letters, or `GB-ENG`"
        raise TextError(f"`{place}` is no place whose holidays are known", hint=hint)
    if region and region not in places[country]:
        full = [f"{country}-{each}" for each in places[country]]
        hint = did_you_mean(place, full) or f"accepted: {listed([country, *full])}"
        raise TextError(f"`{place}` is no part of {country} whose holidays are known", hint=hint)
    if not years:
        return {}
    return dict(country_holidays(country, subdiv=region or None, years=years, expand=False))


def holidays_release() -> str:
    """Return the release of the package that is installed."""
    from holidays import version  # noqa: PLC0415 - see above

    return version.__version__
