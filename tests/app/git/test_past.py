"""Any past date or revision as a snapshot that every listing can be asked of."""

import json

import pytest
from git_help import change, commit


@pytest.fixture
def weeks(example):
    """The example workspace with a commit on each of three days of November."""
    example.git("commit", "-q", "--amend", "--no-edit", "--date=2026-11-02T09:00:00+01:00")
    example.env["GIT_COMMITTER_DATE"] = "2026-11-02T09:00:00+01:00"
    example.git("commit", "-q", "--amend", "--no-edit")
    del example.env["GIT_COMMITTER_DATE"]
    example.git("tag", "v1")
    example("set", "xybp33", "due=2026-11-05")
    commit(example, "two", "2026-11-12T20:00:00+01:00")
    example("done", "xybp33")
    example("comment", "xybp33", "All well")
    example("archive", "xybp33")
    example("add", "Brand new", "assignee=ines")
    commit(example, "three", "2026-11-20T23:30:00+01:00")
    return example


def ids(shell, *words):
    """The ids that a listing answers."""
    return set(shell("list", *words, "--format", "ids").split())


def test_a_clean_work_tree_is_its_last_commit(weeks):
    for words in (
        ["list", "--all", "--format", "json"],
        ["board"],
        ["next"],
        ["tree"],
        ["stats"],
        ["search", "meter"],
        ["show", "8fntvm"],
    ):
        assert weeks(*words, "--at", "HEAD") == weeks(*words)
        assert weeks(*words, "--at", "main") == weeks(*words)


def test_a_revision_and_the_files_that_were_there(weeks):
    assert ids(weeks, "id:xybp33", "--at", "v1") == {"PT-xybp33"}
    assert (
        json.loads(weeks("list", "id:xybp33", "--at", "v1", "--format", "json"))["items"][0]["due"]
        == "2026-12-11"
    )
    assert weeks("search", "brand new", "--at", "v1") == ""
    assert "Brand new" in weeks("search", "brand new")
    assert "All well" not in weeks("show", "xybp33", "--at", "HEAD~1")
    assert "All well" in weeks("show", "xybp33", "--at", "HEAD")
    assert ids(weeks, "is:archived", "--all", "--at", "HEAD") == {"PT-xybp33"} | ids(
        weeks, "is:archived", "--all", "--at", "v1"
    )


def test_a_date_is_looked_at_with_the_eyes_of_that_day(weeks):
    assert ids(weeks, "id:xybp33", "is:overdue", "--at", "2026-11-13") == {"PT-xybp33"}
    assert ids(weeks, "id:xybp33", "is:overdue", "--at", "2026-11-12") == {"PT-xybp33"}
    assert ids(weeks, "id:xybp33", "is:overdue", "--at", "2026-11-11") == set()
    assert ids(weeks, "id:xybp33", "is:closed", "--at", "2026-11-20") == {"PT-xybp33"}
    assert ids(weeks, "id:xybp33", "is:closed", "--at", "2026-11-19") == set()
    assert ids(weeks, "created:..2026-11-02", "--at", "1 week ago") <= ids(
        weeks, "--all", "--at", "v1"
    )


@pytest.mark.parametrize(
    "word",
    [
        "2026-11-16",
        "1 week ago",
        "-1w",
        "last monday",
        "16 nov",
        "2026-11-13",
        "10 days ago",
        "-1m",
        "a month ago",
    ],
)
def test_words_for_dates(weeks, word):
    if word in ("-1m", "a month ago"):
        weeks("list", "--at", word, code=2)
        assert "no commit on or before 2026-10-23" in weeks.err
        return
    assert ids(weeks, "--all", "--at", word) == ids(weeks, "--all", "--at", "HEAD~1")


def test_updated_is_the_day_of_the_last_commit(weeks):
    assert ids(weeks, "updated:2026-11-20", "--all", "--at", "HEAD") == {
        "PT-xybp33",
        *ids(weeks, "title:Brand*"),
    }
    assert ids(weeks, "updated:2026-11-12", "--all", "--at", "HEAD~1") == {"PT-xybp33"}


def test_neither_date_nor_revision(weeks):
    weeks("list", "--at", "nowhere", code=2)
    assert "'nowhere' is neither a revision nor a date" in weeks.err
    weeks("list", "--at", "--output=/tmp/x", code=2)
    weeks("show", "nosuch", "--at", "v1", code=1)


def test_a_file_that_was_broken_then_is_told(weeks):
    path = weeks.git("ls-files", "tasks/*8fntvm*").strip()
    change(weeks, path, ("status: ", "status: ["))
    commit(weeks, "oops")
    change(weeks, path, ("status: [", "status: "))
    assert "PT-8fntvm" not in ids(weeks, "--at", "HEAD")
    assert path in weeks.err
    assert "PT-8fntvm" in ids(weeks)
    assert path not in weeks.err


def test_history_terms_see_only_what_was_before(weeks):
    assert ids(weeks, "changed:status", "--all") == {"PT-xybp33"}
    assert ids(weeks, "changed:status", "--all", "--at", "HEAD~1") == set()
    assert ids(weeks, "changed:due", "--all", "--at", "HEAD~1") == {"PT-xybp33"}


def test_old_snapshots_leave_the_cache_and_a_broken_one_is_made_again(weeks):
    for number in range(6):
        weeks("set", "8fntvm", f"rank={number}")
        commit(weeks, str(number))
        weeks("list", "--at", "HEAD")
    cache = weeks.folder / ".git/plaintrack"
    assert len(list(cache.glob("at-*.seal"))) <= 5
    expected = ids(weeks, "--all", "--at", "HEAD")
    for each in (*cache.glob("at-*.sqlite"), *cache.glob("history-*.sqlite")):
        each.write_bytes(each.read_bytes()[:5000] + b"nonsense" * 100)
    assert ids(weeks, "--all", "--at", "HEAD") == expected
    assert weeks("log", "xybp33").count("status: todo → done") == 1
