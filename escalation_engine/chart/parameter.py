"""Parameters: the values that a text demands and does not give, bound or by default."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from escalation_engine.calendar import TextError, parse_duration, parse_schedule
from escalation_engine.chart.fault import Path
from escalation_engine.chart.names import Names, Part
from escalation_engine.definition import Parameter

__all__ = ["bound_by_taker", "read_parameters"]


def read_parameters(names: Names, bound: Mapping[str, object]) -> dict[str, object]:
    """Return the values of one part's parameters by canonical name; `none` is None.

    `bound` goes before the defaults. What is not bound, or does not fit, is noted.
    """
    found: dict[str, object] = {}
    for name, written in names.part.definition.parameters.items():
        value = bound.get(name, written.default)
        is_bound = name in bound or "default" in written.model_fields_set
        if not is_bound and written.type != "contact":
            names.faults.add(
                "E123",
                f"the parameter `{name}` has no default and is not bound",
                ("parameters", name),
                at_key=True,
                hint=f"give it a `default:`, or bind it where the file is loaded: {name}=…",
            )
        if written.type in _TIME_TYPES and _is_of(value, (str, int, float)) and value != "none":
            _check_time(name, written, str(value), names)
            value = str(value)
        accepted_type = _PARAMETER_TYPES.get(written.type, str)
        if value is not None and value != "none" and not _is_of(value, accepted_type):
            names.faults.add(
                "E122",
                f"`{name}` is a parameter of type {written.type} and cannot be {value!r}",
                ("parameters", name, "default"),
            )
        if written.enum is not None and value is not None and value not in written.enum:
            accepted = ", ".join(map(str, written.enum))
            names.faults.add(
                "E122",
                f"{value!r} is not one of the values of `{name}` ({accepted})",
                ("parameters", name, "default"),
            )
        found[names.known["parameter"][name]] = None if value == "none" else value
    return found


def bound_by_taker(part: Part, taker: Names, parameters: Mapping[str, object]) -> dict[str, object]:
    """Return what a taker binds a track's parameters to; `$name` is one of its own `parameters`."""
    assert part.taken is not None
    found: dict[str, object] = dict(part.taken.parameters)
    for name, value in part.taken.parameters.items():
        if isinstance(value, str) and value.startswith("$"):
            at: Path = ("tracks", part.track, "parameters", name)
            ours = taker.find("parameter", value[1:], at)
            found[name] = parameters.get(ours) if ours is not None else None
    return found


def _check_time(name: str, written: Parameter, value: str, names: Names) -> None:
    """Note that a parameter of type duration or schedule is none; a default shows where."""
    try:
        _TIME_TYPES[written.type](value)
    except TextError as error:
        is_bound = value != str(written.default)
        message = f"`{name}` is bound to `{value}`: {error.message}" if is_bound else error.message
        names.faults.add(
            "E129",
            message,
            ("parameters", name) if is_bound else ("parameters", name, "default"),
            hint=error.hint,
            at_key=is_bound,
            offset=None if is_bound else error.offset,
        )


_TIME_TYPES: dict[str, Callable[[str], object]] = {
    "duration": parse_duration,
    "schedule": parse_schedule,
}
_PARAMETER_TYPES: dict[str, type | tuple[type, ...]] = {
    "integer": int,
    "number": (int, float),
    "boolean": bool,
}


def _is_of(value: object, accepted: type | tuple[type, ...]) -> bool:
    return isinstance(value, accepted) and (accepted is bool or not isinstance(value, bool))
