"""Verdicts and what they are on: no approval survives a change of what it approved."""

from hypothesis import given, settings
from hypothesis import strategies as st

from plaintrack.model.approval import Verdict, content, standing
from plaintrack.model.task import Task
from plaintrack.when.moments import key

FIELDS = ("title", "due", "tags", "estimate", "note")
WORDS = st.text("abc ÄöÅ\r\n\u2028\U0001f600", max_size=6)
VALUES = st.one_of(WORDS, st.lists(WORDS, max_size=3).map(tuple))
TASKS = st.builds(
    lambda fields, body: Task("tasks/a.md", "T-1", fields, body),
    st.dictionaries(st.sampled_from(FIELDS), VALUES),
    WORDS,
)


def when(date):
    return key(date, "UTC") or 0.0


def plain(text):
    return text.replace("\r\n", "\n").replace("\r", "\n")


def meant(task):
    """What an item says: values without those that are empty, tags as a set, the body's lines."""
    found = {}
    for name in FIELDS:
        values = [plain(each) for each in task.many(name) if each]
        if values:
            found[name] = frozenset(values) if name == "tags" else tuple(values)
    return found, plain(task.body).strip("\n")


def digest(task, item="T-1", files=()):
    return content(item, task, FIELDS, frozenset(["tags"]), True, dict(files))


@given(TASKS, TASKS)
@settings(max_examples=300, deadline=None)
def test_an_approval_holds_for_what_it_approved_alone(one, two):
    """For any two states of an item: as valid as they say the same."""
    given_ = Verdict("a.md", True, "ana", "", "2026-11-28T10:00:00Z", digest(one))
    found = standing([given_], digest(two), when)
    same = meant(one) == meant(two)
    assert (bool(found.valid), bool(found.void)) == (same, not same)


@given(TASKS, st.dictionaries(WORDS, WORDS, max_size=2), st.dictionaries(WORDS, WORDS, max_size=2))
@settings(max_examples=100, deadline=None)
def test_files_and_the_item_are_a_part_of_it(task, one, two):
    assert (digest(task, files=one) == digest(task, files=two)) == (one == two)
    assert digest(task) != digest(task, "T-2")


@given(
    st.lists(
        st.tuples(st.sampled_from("ab"), st.booleans(), st.integers(0, 9), st.booleans()),
        max_size=8,
    ),
    st.randoms(),
)
@settings(max_examples=200, deadline=None)
def test_of_each_person_the_latest_counts_in_any_order(given_, random):
    """Whatever the order of the files; the one that wrote last is the one that holds."""
    verdicts = [
        Verdict(f"{number}.md", approved, who, "", f"2026-11-2{day}", "now" if now else "then")
        for number, (who, approved, day, now) in enumerate(given_)
    ]
    mixed = list(verdicts)
    random.shuffle(mixed)
    found = standing(mixed, "now", when)
    assert found == standing(verdicts, "now", when)
    for who in "ab":
        mine = [each for each in verdicts if each.by == who]
        last = max(mine, key=lambda each: (each.date, each.path), default=None)
        holds = [each for each in (*found.valid, *found.rejected, *found.void) if each.by == who]
        assert holds == ([last] if last else [])
