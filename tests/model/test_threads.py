"""Threads: every comment once, below what it answers, whatever the files say."""

from hypothesis import given
from hypothesis import strategies as st

from plaintrack.model.detail import Comment
from plaintrack.model.thread import called, threads


def said(number, answers="", resolved=False):
    return Comment(f"comments/T-1/{number:04}.md", "", "", "", answers=answers, resolved=resolved)


def told(*comments):
    return [(each.number, each.depth, each.resolved) for each in threads(comments)]


def test_answers_stand_below_what_they_answer():
    comments = said(1), said(2), said(3, "0001"), said(4, "0003"), said(5, "0001", True)
    assert told(*comments) == [
        (1, 0, True),
        (3, 1, False),
        (4, 2, False),
        (5, 1, False),
        (2, 0, False),
    ]


def test_a_later_answer_opens_a_thread_again():
    assert told(said(1), said(2, "0001", True), said(3, "0001"))[0] == (1, 0, False)


def test_deep_threads_take_no_recursion():
    found = threads([said(n, f"{n - 1:04}") for n in range(5000)])
    assert [each.depth for each in found] == list(range(5000))


@given(st.lists(st.integers(0, 12), max_size=12))
def test_every_comment_stands_just_once(targets):
    """Circles, answers to oneself and to what is not there included."""
    comments = [said(number, f"{target:04}") for number, target in enumerate(targets)]
    found = threads(comments)
    assert sorted(each.number for each in found) == list(range(1, len(comments) + 1))
    above = []
    for each in found:  # the one above stands before it, one step further out
        del above[each.depth :]
        if each.depth:
            assert called(above[-1].comment.path) == each.comment.answers
        above.append(each)
