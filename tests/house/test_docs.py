"""The references are what the code says."""

import json
import runpy

import pytest
from conftest import ROOT

GENERATE = runpy.run_path(str(ROOT / "docs/generate.py"))


@pytest.mark.parametrize(
    "name", ["actions", "checks", "commands", "definitions", "outputs", "settings"]
)
def test_the_reference_is_up_to_date(name):
    assert (ROOT / f"docs/{name}.md").read_text("utf-8") == GENERATE[name](), "run `make docs`"


def test_the_schemas_for_vs_code_are_up_to_date_and_hold_the_example():
    import jsonschema

    from plaintrack.text.nodes import mapping

    for name, text in GENERATE["schemas"]().items():
        assert (GENERATE["SCHEMAS"] / name).read_text("utf-8") == text, "run `make docs`"
    settings = json.loads(GENERATE["schemas"]()["settings.json"])
    given = mapping((ROOT / "example-workspace/plaintrack.yml").read_text("utf-8"), "")
    jsonschema.validate(given, settings)
    rules = json.loads(GENERATE["schemas"]()["rules.json"])
    for path in [
        *(ROOT / "example-workspace/automations").glob("*.yml"),
        *(ROOT / "templates/automations").glob("*.yml"),
    ]:
        jsonschema.validate(mapping(path.read_text("utf-8"), ""), rules)


def test_every_relative_link_in_the_docs_leads_somewhere():
    import re

    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
