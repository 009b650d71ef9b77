"""What is skipped, where and why, stands in CONTRIBUTING.md, and nothing else is skipped."""

import re

from conftest import ROOT

SKIPS = re.compile(r"pytest\.(skip|importorskip)\(|mark\.skip(if)?\b")


def test_every_file_that_may_skip_is_in_the_table():
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    table = text.partition("## What is skipped")[2].partition("\n## ")[0]
    found = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "tests").rglob("test_*.py")
        if SKIPS.search(path.read_text("utf-8"))
    }
    assert found == {*re.findall(r"`(tests/[^`]+)`", table)}
