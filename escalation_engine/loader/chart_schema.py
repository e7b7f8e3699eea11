"""The JSON Schema of a printed chart, for programs that read what `escalate expand` writes.

The document is made by `chart.expand` and its neighbours, part by part; so are the parts here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

__all__ = ["CHART_SCHEMA_ID", "chart_schema"]

CHART_SCHEMA_ID: Final = "urn:escalation-engine:schema:chart:1"
"""The `$id`: it names the schema and leads nowhere."""

Schema = dict[str, Any]

_TEXT: Final[Schema] = {"type": "string"}
_FLAG: Final[Schema] = {"const": True}
_COUNT: Final[Schema] = {"type": "integer"}
_TEXTS: Final[Schema] = {"type": "array", "items": _TEXT}
_ANY: Final[Schema] = {}


def chart_schema() -> Schema:
    """Return the JSON Schema (draft 2020-12) of a chart as `escalate expand` prints it."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": CHART_SCHEMA_ID,
        "title": "Chart",
        "description": "A process in its flat form. What has its usual value is left out.",
        **_whole(),
        "$defs": {**_people(), **_words(), **_states(), **_time()},
    }


def _whole() -> Schema:
    return _object(
        {
            "chart": _TEXT, "version": _COUNT, "title": _TEXT, "description": _TEXT,
            "kind": {"enum": ["process", "track"]}, "hash": _TEXT,
            "parameters": _by_name(_ANY), "data": _by_name(_ref("field")),
            "roles": _by_name(_ref("role")),
            "slots": _by_name(_object({"title": _TEXT, "many": _FLAG})),
            "guards": _by_name(_TEXT), "actions": _by_name(_ref("action")),
            "messages": _by_name(_ref("message")), "checklists": _by_name(_ref("checklist")),
            "tasks": _by_name(_ref("tasks")), "counts": _by_name(_ref("count")),
            "events": _by_name(_ref("event")), "calendars": _by_name(_ref("calendar")),
            "timers": _by_name(_ref("timer")), "clocks": _by_name(_ref("clock")),
            "duties": _by_name(_ref("duty")), "digests": _by_name(_ref("digest")),
            "promises": _by_name(_ref("promise")), "linked": _TEXTS,
            "opens": _by_name(_ref("opening")), "tracks": _by_name(_ref("track")),
            "source": {"type": ["object", "string"]},
        },
        needs=("chart", "version", "title", "kind", "hash", "tracks", "source"),
    )  # fmt: skip


def _people() -> Schema:
    resolved = {"names": _TEXTS, "roles": _TEXTS, "slots": _TEXTS, "engine": _FLAG}
    contact = {"channel": _TEXT, "address": {"type": ["string", "null"]}, "title": _TEXT}
    return {
        "passing": {"anyOf": [_TEXTS, _object(resolved, needs=("names",))]},
        "who": _object({"role": _TEXT, "slot": _TEXT}),
        "role": _object(
            {
                "title": _TEXT, "side": _TEXT,
                "contacts": _list(_object(contact, needs=("channel", "address"))),
                "alternates": _TEXTS, "chosen_by": _TEXTS, "when_nobody": {"const": "refuse"},
            }
        ),
    }  # fmt: skip


def _words() -> Schema:
    compared = {"kind": _TEXT, "name": _TEXT, "values": _TEXTS}
    wording = {"subject": _TEXT, "text": _TEXT}
    brought = {"needs": _TEXTS, "may_bring": _TEXTS, "may_not_bring": _TEXTS}
    translated = _by_name(_object(wording, needs=("text",)))
    item = {
        "text": _TEXT, "answers": _TEXTS, "passes": _TEXTS, "reason_for": _TEXTS,
        "by": _ref("passing"), "recorded_by": _ref("passing"), "adds_task": _by_name(_TEXT),
    }  # fmt: skip
    return {
        "field": _object(
            {
                "name": _TEXT, "title": _TEXT, "type": _TEXT,
                "compared_as": _object(compared, needs=("kind",)), "schema": {"type": "object"},
                "default": _ANY, "changes": {"enum": ["never", "anytime"]},
                "by": _ref("passing"), "sensitive": _FLAG,
            }
        ),
        "action": _object(
            {
                "title": _TEXT, "arguments": _by_name(_ref("field")), "reports": _TEXTS,
                "failed": _TEXT,
            }
        ),
        "message": _object(
            {**wording, "translations": translated, "failed": _TEXT}, needs=("text",)
        ),
        "checklist": _object(
            {
                "title": _TEXT, "reset_on": _TEXTS,
                "items": _by_name(_object(item, needs=("text", "answers", "passes"))),
            }
        ),
        "tasks": _object({"title": _TEXT, "by": _ref("passing"), "reset_on": _TEXTS}),
        "count": _object(
            {
                "title": _TEXT, "up_on": _TEXTS, "reset_on": _TEXTS,
                "once_per": {"const": "person"}, "at_most": _COUNT,
            }
        ),
        "event": _object({"title": _TEXT, **brought}),
        "opening": _object(
            {"event": _TEXT, "title": _TEXT, **brought, "branches": _list(_ref("branch"))},
            needs=("branches",),
        ),
    }  # fmt: skip


def _states() -> Schema:
    demands = _object(
        {
            "data": _TEXTS, "note": _FLAG, "guard": _TEXTS, "evidence": _FLAG,
            "checklist": _TEXTS, "duty": _TEXTS, "tasks": _TEXTS, "tasks_done": _TEXTS,
            "past": _TEXT, "different_from": _pairs(_TEXT),
        }
    )  # fmt: skip
    declared = {"event": _TEXT, "in": _TEXT, "number": _COUNT}
    return {
        "track": _object(
            {
                "title": _TEXT, "start": _TEXT, "enters": _TEXTS,
                "at_end": {"const": "must_be_idle"}, "states": _by_name(_ref("state")),
            },
            needs=("states",),
        ),
        "state": _object(
            {
                "title": _TEXT, "description": _TEXT, "guidance": _TEXT, "inside": _TEXT,
                "kind": {"enum": ["decision", "end", "idle"]}, "start": _TEXT,
                "holds_states": _FLAG, "level": _TEXT, "outcome": _TEXT, "remembers": _FLAG,
                "must_resolve": _FLAG, "entry": _ref("body"), "exit": _ref("body"),
                "source": _TEXTS, "inferred": _TEXT, "on": _by_name(_list(_ref("branch"))),
                "always": _list(_ref("branch")),
            }
        ),
        "demands": demands,
        "body": _object(_body()),
        "branch": _object(
            {
                "event": _TEXT, "leaf": _TEXT, "branch": _COUNT,
                "declared": _object(declared, needs=("number",)),
                "title": _TEXT, "to": _TEXT, "when": _TEXT, "if": _TEXTS, "unless": _TEXTS,
                "by": _ref("passing"), "recorded_by": _ref("passing"),
                "requires": _ref("demands"), "asks": _ref("demands"), "refuse": _TEXT,
                "visibility": {"const": "client"}, "source": _TEXTS, "inferred": _TEXT,
                "leads_to": _TEXT, "back_target": _TEXT, "leaves": _TEXTS, "enters": _TEXTS,
                **_body(),
            },
            needs=("branch", "declared"),
        ),
    }  # fmt: skip


def _body() -> Schema:
    told = {"message": _TEXT, "role": _TEXT, "slot": _TEXT, "everyone_told": _FLAG}
    link = {"process": _TEXT, "event": _TEXT, "with": _by_name(_TEXT), "send": _by_name(_TEXT)}
    extension = {"clock": _TEXT, "by": _ref("amount"), "at_most": _COUNT}
    return {
        "set": _pairs(_ANY), "clear": _TEXTS, "assign": _pairs(_ANY), "do": _pairs(_pairs(_ANY)),
        "notify": _list(_object(told, needs=("message",))),
        "open_case": _list(_object(link, needs=("process",))), "send": _TEXTS,
        "extend": _list(_object(extension, needs=("clock", "by"))), "reason": _TEXT,
    }  # fmt: skip


def _time() -> Schema:
    table = {"depends_on": _TEXT, "values": _by_name(_ANY), "otherwise": _TEXT, "agreed_in": _TEXT}
    warning = _object({"mark": _TEXT, "does": _ref("body")}, needs=("mark", "does"))
    repeat = {"every": _ref("amount"), "until": {"anyOf": [_COUNT, {"const": "forever"}]}}
    asked = {"then": _TEXT, "unless": _TEXT, "within": _ref("amount"), "calendar": _TEXT}
    traced = {"source": _TEXTS, "inferred": _TEXT}
    forms = dict.fromkeys(("never", "whenever", "every_case", "possible", "if_nobody_acts"), _TEXT)
    return {
        "amount": {"anyOf": [_TEXT, _object(table)]},
        "warnings": _list({"anyOf": [_TEXT, warning]}),
        "calendar": _object(
            {
                "title": _TEXT, "timezone": _TEXT, "hours": _by_name(_ANY), "holidays": _TEXT,
                "added": _by_name(_TEXT), "removed": _TEXTS, "special": _by_name(_ANY),
                "yearly": _by_name(_ANY), "counting": _by_name(_TEXT),
            },
            needs=("title", "timezone", "hours"),
        ),
        "timer": _object(
            {
                "title": _TEXT, "track": _TEXT, "in": _TEXT, "after": _ref("amount"),
                "send": _TEXT, "warn": _ref("warnings"), "paused_in": _TEXTS,
                "repeat": _object(repeat), "calendar": _TEXT, "on_return": {"const": "restart"},
            }
        ),
        "clock": _object(
            {
                "title": _TEXT, "starts": _TEXTS, "stops": _TEXTS, "target": _ref("amount"),
                "from": _TEXT, "calendar": _TEXT, "paused_in": _TEXTS, "warn": _ref("warnings"),
                "breach": _ref("body"), "on_reopen": {"enum": ["restart", "continue"]},
                "on_change": {"const": "from_change"},
            }
        ),
        "duty": _object(
            {
                "title": _TEXT, "every": _ref("amount"), "opens": _TEXTS, "due": _ref("amount"),
                "while": _TEXTS, "calendar": _TEXT,
                "on_holiday": {"enum": ["before", "after", "skip"]}, "owed_by": _TEXT,
                "for": _TEXT, "needs": _TEXTS, "done_by": _TEXTS, "missed": _ref("body"),
                "first": {"const": "at_once"}, "counted_from": {"const": "last_done"},
                "at_end": {"const": "must_be_done"}, "catch_up": {"enum": ["each", "skip"]},
            }
        ),
        "digest": _object(
            {
                "title": _TEXT, "every": _ref("amount"), "calendar": _TEXT,
                "on_holiday": {"enum": ["before", "after", "skip"]}, "cases": _TEXT,
                "shows": _TEXTS, "per": _ref("who"), "send_by": _TEXT,
            }
        ),
        "promise": _object(
            {
                "say": _TEXT, "at_most": _COUNT, "of": _TEXT, **forms, **asked, "after": _TEXT,
                "until": _TEXT, "between": _TEXTS, "limit": _COUNT, **traced,
            },
            needs=("say",),
        ),
    }  # fmt: skip


def _object(parts: Mapping[str, Schema], *, needs: tuple[str, ...] = ()) -> Schema:
    schema: Schema = {"type": "object", "properties": dict(parts), "additionalProperties": False}
    return schema | ({"required": list(needs)} if needs else {})


def _by_name(part: Schema) -> Schema:
    return {"type": "object", "additionalProperties": part}


def _list(part: Schema) -> Schema:
    return {"type": "array", "items": part}


def _pairs(part: Schema) -> Schema:
    """A mapping, or a list of mappings of one name where a name comes twice."""
    return {"anyOf": [_by_name(part), _list({**_by_name(part), "maxProperties": 1})]}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}
