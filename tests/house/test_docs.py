"""The references are what the code says."""

import runpy

import pytest
from conftest import ROOT

GENERATE = runpy.run_path(str(ROOT / "docs/generate.py"))


@pytest.mark.parametrize("name", ["actions", "checks", "commands", "definitions", "settings"])
def test_the_reference_is_up_to_date(name):
    assert (ROOT / f"docs/{name}.md").read_text("utf-8") == GENERATE[name](), "run `make docs`"


def test_every_relative_link_in_the_docs_leads_somewhere():
    import re

    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
