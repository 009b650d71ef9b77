"""The gallery and the catalogue: every check is unique, explained, has an example, and is shown with the very words it says."""

import re

import pytest
from conftest import ROOT
from gallery_help import FOLDER, OLD, lay, said

from plaintrack.checks.catalogue import FAMILIES, every
from plaintrack.checks.report import SEVERITIES

CASES = sorted(each for each in FOLDER.iterdir() if each.is_dir())
CHECKS = every()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_is_said(case, tmp_path, monkeypatch):
    for name in ("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL"):
        monkeypatch.setenv(name, OLD[name])
    lay(case, tmp_path)
    found = said(case, tmp_path)
    assert found == (case / "expected.txt").read_text("utf-8")
    assert f" {case.name.partition('-')[0]} " in found or case.name == "own-checks"


def test_every_check_has_a_folder_and_every_folder_a_check():
    assert {f"{check.code}-{check.name}" for check in CHECKS} == {case.name for case in CASES} - {
        "own-checks"
    }


def test_codes_and_names_are_unique_and_in_order():
    codes = [check.code for check in CHECKS]
    assert len({each.lower() for check in CHECKS for each in (check.code, check.name)}) == 2 * len(
        CHECKS
    )
    assert codes == sorted(codes)
    assert all(re.fullmatch(r"PT\d\d\d", code) and code[:3] in FAMILIES for code in codes)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.code)
def test_every_check_is_explained(check):
    words = check.explained
    assert words.title.endswith(".")
    assert all((words.why, words.fix, words.bad, words.good))
    assert words.why[0].islower() or words.why[0] in "`"
    assert check.severity in SEVERITIES
    assert all(
        option.doc and option.kind in ("number", "texts", "numbers", "lists")
        for option in check.options.values()
    )


def test_out_of_the_box_only_what_is_certainly_wrong_fails():
    failing = {check.code[:3] for check in CHECKS if check.on and check.severity == "error"}
    assert failing == {"PT0", "PT1", "PT2", "PT3", "PT4", "PT5", "PT6", "PT7", "PT8"}
    assert [check.code for check in CHECKS if check.on and check.code.startswith("PT5")] == [
        "PT509",
        "PT510",
        "PT511",
        "PT512",
        "PT513",
    ]
    assert {check.code for check in CHECKS if check.code.startswith("PT3") and check.on and check.severity == "error"} == {
        "PT301", "PT302", "PT303", "PT305",
    }  # fmt: skip


def test_every_problem_of_parsing_belongs_to_a_check():
    from plaintrack.checks import syntax

    source = "".join(
        path.read_text("utf-8") for path in (ROOT / "src/plaintrack/text").glob("*.py")
    )
    slugs = set(re.findall(r'(?:Problem|fault|_fault|note)\(\s*"([a-z-]+)"', source)) | {
        "no-id",
        "bad-id",
        "yaml-merge",
        "yaml-key",
    }
    assert len(slugs) > 15
    taken = re.findall(
        r'"([a-z-]+)"', (ROOT / "src/plaintrack/checks/syntax.py").read_text("utf-8")
    )
    unreadable = {"empty", "encoding", "nul", "stored", "too-large"}
    of_documents = {"live-block"}  # PT005 tells these
    assert slugs <= set(taken) | unreadable | of_documents
    assert not unreadable & syntax._NAMED
