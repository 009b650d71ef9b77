"""The references are what the code says."""

import json
import runpy

import pytest
from conftest import ROOT

GENERATE = runpy.run_path(str(ROOT / "docs/generate.py"))


@pytest.mark.parametrize(
    "name", ["actions", "checks", "commands", "definitions", "metrics", "outputs", "settings"]
)
def test_the_reference_is_up_to_date(name):
    assert (ROOT / f"docs/{name}.md").read_text("utf-8") == GENERATE[name](), "run `make docs`"


def test_the_page_about_formats_is_up_to_date():
    assert (ROOT / "docs/import.md").read_text("utf-8") == GENERATE["formats"](), "run `make docs`"


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


@pytest.mark.slow
def test_the_pictures_are_what_the_example_gives(tmp_path):
    drawn = runpy.run_path(str(ROOT / "docs/charts.py"))["pictures"](tmp_path / "work")
    for name, picture in drawn.items():
        assert (ROOT / "docs" / name).read_text("utf-8").rstrip("\n") == picture.rstrip("\n"), name


def test_pages_about_numbers_have_pictures_and_no_picture_is_left_over():
    pages = {each.name: each.read_text("utf-8") for each in (ROOT / "docs").glob("*.md")}
    assert pages["metrics.md"].count(".svg)") >= 8
    assert all(".svg)" in pages[name] for name in ("time.md", "reports.md"))
    for picture in [*(ROOT / "docs").glob("metrics-*.svg"), *(ROOT / "docs").glob("report-*.svg")]:
        assert any(picture.name in text for text in pages.values()), picture.name


def test_every_relative_link_in_the_docs_leads_somewhere():
    import re

    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
