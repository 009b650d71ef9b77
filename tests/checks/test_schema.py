"""The JSON Schema of the front matter: what the settings say, in a form that editors understand."""

import json
import re

from plaintrack.config.settings import read
from plaintrack.show.schema import write


def schema(**settings):
    return json.loads(write(read(settings).schema))


def test_fields_choices_and_adopted_keys():
    found = schema(
        statuses={"new": "open", "ready": "done"},
        fields={
            "tags": {"key": "labels"},
            "severity": {
                "type": "choice",
                "choices": ["s1", "s2"],
                "required": "true",
                "doc": "How bad it is.",
            },
            "points": {"type": "integer"},
            "customers": {"type": "list of text"},
        },
    )
    properties = found["properties"]
    assert found["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert found["required"] == ["id", "severity"]
    assert properties["status"]["enum"] == ["new", "ready", None]
    assert properties["severity"] == {"description": "How bad it is.", "enum": ["s1", "s2"]}
    assert "labels" in properties
    assert "tags" not in properties
    assert properties["points"]["type"] == ["integer", "null"]
    assert [each.get("type") for each in properties["customers"]["oneOf"]][1:] == ["array", "null"]


def test_patterns_take_what_is_read_and_nothing_else():
    from plaintrack.text.parse import canonical

    properties = schema()["properties"]
    for name, kind, texts in (
        (
            "due",
            "date",
            [
                "2026-12-01",
                "2026-12-01T10:00",
                "2026-12-01T10:00:00+01:00",
                "soon",
                "2026/12/01",
                "1 dec",
            ],
        ),
        ("estimate", "duration", ["2d", "1w2d", "1.5h", "2", "two days", ""]),
    ):
        for text in texts:
            assert bool(re.search(properties[name]["pattern"], text)) == (
                canonical(kind, text) is not None
            ), text


def test_ids_from_file_names_are_not_required():
    assert schema(ids={"from": "filename"})["required"] == []


def test_the_command_prints_it(example):
    found = json.loads(example("schema"))
    assert found["properties"]["severity"]["enum"] == ["s1", "s2", "s3", None]
