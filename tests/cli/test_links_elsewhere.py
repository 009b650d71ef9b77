"""Links to items of other repositories: kept and shown, never followed here."""

import json
import re

import pytest


@pytest.fixture
def work(empty):
    """A new workspace."""
    empty("init", "--git")
    return empty


def _add(plaintrack, title, *words):
    found = re.search(r"PT-\w+", plaintrack("add", title, *words))
    return found[0]


def test_a_link_elsewhere_is_no_fault_and_blocks_nothing(work):
    """It is set, shown, found and drawn; the item is ready, and no check finds anything."""
    one = _add(work, "Login", "depends_on=api/API-7")
    work("set", one, "parent=plan/PLAN-3", "goal=strategy/12", "depends_on+=api/API-8 +2d")
    told = work("show", one)
    links = "plan/PLAN-3, api/API-7, api/API-8, strategy/12 (another repository's)"
    assert re.search(rf"elsewhere +{re.escape(links)}", told)
    found = json.loads(work("show", one, "--format", "json"))["items"][0]
    assert found["ready"]
    assert not found["blocked"]
    assert found["links"]["parent"] == [
        {"id": "plan/PLAN-3", "title": None, "status": None, "path": None, "repository": "plan"}
    ]
    assert one in work("list", "is:ready")
    assert one in work("list", "depends_on:api/api-7")
    assert "(another repository's)" in work("tree", "--depends")
    assert "api/API-7" not in work("plan")
    work("check")


def test_a_slip_is_still_found(work):
    """A folder of the workspace is not a repository, and a command refuses what leads nowhere."""
    one = _add(work, "Login")
    path = next((work.folder / "tasks").glob("*.md"))
    text = path.read_text()
    path.write_text(re.sub("(?m)^depends_on:.*", "depends_on: [tasks/PT-7]", text))
    assert "depends_on: no item tasks/PT-7" in work("check", code=1)
    work("set", one, "depends_on=api/login", code=1)
    assert "no item has an id like 'api/login'" in work.err


def test_a_link_elsewhere_is_kept(work):
    """`renumber` of an item with that very id here, and a merge, leave it as it is written."""
    one = _add(work, "Here")
    two = _add(work, "Waits", f"depends_on=api/{one}")
    work("set", two, f"depends_on+={one}")
    work.git("add", "-A")
    work.git("commit", "-qm", "both")
    work.git("checkout", "-qb", "side")
    work("set", two, "depends_on+=web/WEB-1")
    work.git("commit", "-qam", "side")
    work.git("checkout", "-q", "main")
    work("set", two, "depends_on+=api/API-9 +1d")
    work.git("commit", "-qam", "main")
    work.git("merge", "-q", "side")
    work("renumber", one)
    values = json.loads(work("show", two, "--format", "json"))["items"][0]["depends_on"]
    assert values[0] == f"api/{one}"
    assert values[1] != one
    assert set(values[2:]) == {"web/WEB-1", "api/API-9"}
    work("check")
