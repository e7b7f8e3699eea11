"""The JSON Schema of a printed chart, for programs that read what `escalate expand` writes.

The document is made by `chart.expand` and its neighbours, part by part; so are the parts here.
"""

from __future__ import annotations

from escalation_engine.loader.schema_part import (
    TEXT,
    TEXTS,
    Schema,
    by_name,
    closed,
    each,
    pairs,
    ref,
)

__all__ = ["CHART_SCHEMA_ID", "chart_schema"]

CHART_SCHEMA_ID = "urn:escalation-engine:schema:chart:1"
"""The `$id`: it names the schema and leads nowhere."""

_FLAG: Schema = {"const": True}
_COUNT: Schema = {"type": "integer"}
_ANY: Schema = {}
_RESOLVED: Schema = {"names": TEXTS, "roles": TEXTS, "slots": TEXTS, "engine": _FLAG}
_CONTACT: Schema = {"channel": TEXT, "address": {"type": ["string", "null"]}, "title": TEXT}
_PEOPLE: Schema = {
    "passing": {"anyOf": [TEXTS, closed(_RESOLVED, needs=("names",))]},
    "who": closed({"role": TEXT, "slot": TEXT}),
    "role": closed(
        {
            "title": TEXT, "side": TEXT,
            "contacts": each(closed(_CONTACT, needs=("channel", "address"))),
            "alternates": TEXTS, "chosen_by": TEXTS, "when_nobody": {"const": "refuse"},
        }
    ),
}  # fmt: skip
_COMPARED: Schema = {"kind": TEXT, "name": TEXT, "values": TEXTS}
_WORDING: Schema = {"subject": TEXT, "text": TEXT}
_BROUGHT: Schema = {"needs": TEXTS, "may_bring": TEXTS, "may_not_bring": TEXTS}
_TRANSLATED: Schema = by_name(closed(_WORDING, needs=("text",)))
_ITEM: Schema = {
    "text": TEXT, "answers": TEXTS, "passes": TEXTS, "reason_for": TEXTS,
    "by": ref("passing"), "recorded_by": ref("passing"), "adds_task": by_name(TEXT),
}  # fmt: skip
_WORDS: Schema = {
    "field": closed(
        {
            "name": TEXT, "title": TEXT, "type": TEXT,
            "compared_as": closed(_COMPARED, needs=("kind",)), "schema": {"type": "object"},
            "default": _ANY, "changes": {"enum": ["never", "anytime"]},
            "by": ref("passing"), "sensitive": _FLAG,
        }
    ),
    "action": closed(
        {
            "title": TEXT, "arguments": by_name(ref("field")), "reports": TEXTS,
            "failed": TEXT,
        }
    ),
    "message": closed(
        {**_WORDING, "translations": _TRANSLATED, "failed": TEXT}, needs=("text",)
    ),
    "checklist": closed(
        {
            "title": TEXT, "reset_on": TEXTS,
            "items": by_name(closed(_ITEM, needs=("text", "answers", "passes"))),
        }
    ),
    "tasks": closed({"title": TEXT, "by": ref("passing"), "reset_on": TEXTS}),
    "count": closed(
        {
            "title": TEXT, "up_on": TEXTS, "reset_on": TEXTS,
            "once_per": {"const": "person"}, "at_most": _COUNT,
        }
    ),
    "event": closed({"title": TEXT, **_BROUGHT}),
    "opening": closed(
        {"event": TEXT, "title": TEXT, **_BROUGHT, "branches": each(ref("branch"))},
        needs=("branches",),
    ),
}  # fmt: skip
_TOLD: Schema = {"message": TEXT, "role": TEXT, "slot": TEXT, "everyone_told": _FLAG}
_LINK: Schema = {"process": TEXT, "event": TEXT, "with": by_name(TEXT), "send": by_name(TEXT)}
_EXTENSION: Schema = {"clock": TEXT, "by": ref("amount"), "at_most": _COUNT}
_BODY: Schema = {
    "set": pairs(_ANY), "clear": TEXTS, "assign": pairs(_ANY), "do": pairs(pairs(_ANY)),
    "notify": each(closed(_TOLD, needs=("message",))),
    "open_case": each(closed(_LINK, needs=("process",))), "send": TEXTS,
    "extend": each(closed(_EXTENSION, needs=("clock", "by"))), "reason": TEXT,
}  # fmt: skip
_DEMANDS: Schema = closed(
    {
        "data": TEXTS, "note": _FLAG, "guard": TEXTS, "evidence": _FLAG,
        "checklist": TEXTS, "duty": TEXTS, "tasks": TEXTS, "tasks_done": TEXTS,
        "past": TEXT, "different_from": pairs(TEXT),
    }
)  # fmt: skip
_DECLARED: Schema = {"event": TEXT, "in": TEXT, "number": _COUNT}
_STATES: Schema = {
    "track": closed(
        {
            "title": TEXT, "start": TEXT, "enters": TEXTS,
            "at_end": {"const": "must_be_idle"}, "states": by_name(ref("state")),
        },
        needs=("states",),
    ),
    "state": closed(
        {
            "title": TEXT, "description": TEXT, "guidance": TEXT, "inside": TEXT,
            "kind": {"enum": ["decision", "end", "idle"]}, "start": TEXT,
            "holds_states": _FLAG, "level": TEXT, "outcome": TEXT, "remembers": _FLAG,
            "must_resolve": _FLAG, "entry": ref("body"), "exit": ref("body"),
            "source": TEXTS, "inferred": TEXT, "on": by_name(each(ref("branch"))),
            "always": each(ref("branch")),
        }
    ),
    "demands": _DEMANDS,
    "body": closed(_BODY),
    "branch": closed(
        {
            "event": TEXT, "leaf": TEXT, "branch": _COUNT,
            "declared": closed(_DECLARED, needs=("number",)),
            "title": TEXT, "to": TEXT, "when": TEXT, "if": TEXTS, "unless": TEXTS,
            "by": ref("passing"), "recorded_by": ref("passing"),
            "requires": ref("demands"), "asks": ref("demands"), "refuse": TEXT,
            "visibility": {"const": "client"}, "source": TEXTS, "inferred": TEXT,
            "leads_to": TEXT, "back_target": TEXT, "leaves": TEXTS, "enters": TEXTS,
            **_BODY,
        },
        needs=("branch", "declared"),
    ),
}  # fmt: skip
_TABLE: Schema = {"depends_on": TEXT, "values": by_name(_ANY), "otherwise": TEXT, "agreed_in": TEXT}
_WARNING: Schema = closed({"mark": TEXT, "does": ref("body")}, needs=("mark", "does"))
_REPEAT: Schema = {"every": ref("amount"), "until": {"anyOf": [_COUNT, {"const": "forever"}]}}
_ASKED: Schema = {"then": TEXT, "unless": TEXT, "within": ref("amount"), "calendar": TEXT}
_TRACED: Schema = {"source": TEXTS, "inferred": TEXT}
_FORMS: Schema = dict.fromkeys(
    ("never", "whenever", "every_case", "possible", "if_nobody_acts"), TEXT
)
_TIME: Schema = {
    "amount": {"anyOf": [TEXT, closed(_TABLE)]},
    "warnings": each({"anyOf": [TEXT, _WARNING]}),
    "calendar": closed(
        {
            "title": TEXT, "timezone": TEXT, "hours": by_name(_ANY), "holidays": TEXT,
            "added": by_name(TEXT), "removed": TEXTS, "special": by_name(_ANY),
            "yearly": by_name(_ANY), "counting": by_name(TEXT),
        },
        needs=("title", "timezone", "hours"),
    ),
    "timer": closed(
        {
            "title": TEXT, "track": TEXT, "in": TEXT, "after": ref("amount"),
            "send": TEXT, "warn": ref("warnings"), "paused_in": TEXTS,
            "repeat": closed(_REPEAT), "calendar": TEXT, "on_return": {"const": "restart"},
        }
    ),
    "clock": closed(
        {
            "title": TEXT, "starts": TEXTS, "stops": TEXTS, "target": ref("amount"),
            "from": TEXT, "calendar": TEXT, "paused_in": TEXTS, "warn": ref("warnings"),
            "breach": ref("body"), "on_reopen": {"enum": ["restart", "continue"]},
            "on_change": {"const": "from_change"},
        }
    ),
    "duty": closed(
        {
            "title": TEXT, "every": ref("amount"), "opens": TEXTS, "due": ref("amount"),
            "while": TEXTS, "calendar": TEXT,
            "on_holiday": {"enum": ["before", "after", "skip"]}, "owed_by": TEXT,
            "for": TEXT, "needs": TEXTS, "done_by": TEXTS, "missed": ref("body"),
            "first": {"const": "at_once"}, "counted_from": {"const": "last_done"},
            "at_end": {"const": "must_be_done"}, "catch_up": {"enum": ["each", "skip"]},
        }
    ),
    "digest": closed(
        {
            "title": TEXT, "every": ref("amount"), "calendar": TEXT,
            "on_holiday": {"enum": ["before", "after", "skip"]}, "cases": TEXT,
            "shows": TEXTS, "per": ref("who"), "send_by": TEXT,
        }
    ),
    "promise": closed(
        {
            "say": TEXT, "at_most": _COUNT, "of": TEXT, **_FORMS, **_ASKED, "after": TEXT,
            "until": TEXT, "between": TEXTS, "limit": _COUNT, **_TRACED,
        },
        needs=("say",),
    ),
}  # fmt: skip
_WHOLE: Schema = closed(
    {
        "chart": TEXT, "version": _COUNT, "title": TEXT, "valid_from": TEXT, "valid_by": TEXT,
        "description": TEXT,
        "kind": {"enum": ["process", "track"]}, "hash": TEXT,
        "parameters": by_name(_ANY), "data": by_name(ref("field")),
        "roles": by_name(ref("role")),
        "slots": by_name(closed({"title": TEXT, "many": _FLAG})),
        "guards": by_name(TEXT), "actions": by_name(ref("action")),
        "messages": by_name(ref("message")), "checklists": by_name(ref("checklist")),
        "tasks": by_name(ref("tasks")), "counts": by_name(ref("count")),
        "events": by_name(ref("event")), "calendars": by_name(ref("calendar")),
        "timers": by_name(ref("timer")), "clocks": by_name(ref("clock")),
        "duties": by_name(ref("duty")), "digests": by_name(ref("digest")),
        "promises": by_name(ref("promise")), "linked": TEXTS,
        "opens": by_name(ref("opening")), "tracks": by_name(ref("track")),
        "source": {"type": ["object", "string"]},
    },
    needs=("chart", "version", "title", "kind", "hash", "tracks", "source"),
)  # fmt: skip


def chart_schema() -> Schema:
    """Return the JSON Schema (draft 2020-12) of a chart as `escalate expand` prints it."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": CHART_SCHEMA_ID,
        "title": "Chart",
        "description": "A process in its flat form. What has its usual value is left out.",
        **_WHOLE,
        "$defs": {**_PEOPLE, **_WORDS, **_STATES, **_TIME},
    }
