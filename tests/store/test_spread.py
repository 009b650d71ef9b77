"""Work shared out to processes comes back whole and in order, whatever becomes of them."""

import os
import signal

import pytest

from plaintrack.store.spread import spread

PARTS = [list(range(start, start + 50)) for start in range(0, 1000, 50)]
WHOLE = [[(each, "é" * each, None, 0.5) for each in part] for part in PARTS]


def work(part):
    return [(each, "é" * each, None, 0.5) for each in part]


def test_results_come_in_order_and_progress_is_told():
    told = []
    assert list(spread(work, PARTS, lambda done, total: told.append((done, total)))) == WHOLE
    assert told == [(each, 1000) for each in range(50, 1001, 50)]


def test_few_parts_are_done_here():
    assert list(spread(lambda part: [os.getpid()], PARTS[:2])) == [[os.getpid()]] * 2


@pytest.mark.parametrize(
    "end", [lambda: os._exit(1), lambda: os.kill(os.getpid(), signal.SIGKILL), lambda: 1 / 0]
)
@pytest.mark.parametrize("part", [0, 1, 7, 19])
def test_what_a_dead_process_leaves_is_done_here(end, part):
    here = os.getpid()

    def deadly(some):
        if some == PARTS[part] and os.getpid() != here:
            end()
        return work(some)

    assert list(spread(deadly, PARTS)) == WHOLE


def test_who_stops_listening_leaves_no_process():
    results = spread(work, PARTS)
    next(results)
    results.close()
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)
