"""The coverage-guided fuzzer's first corpus and whatever it has found, without atheris."""

import random

import coverage_guided
import pytest

FOUND = sorted((coverage_guided.HERE / "found").iterdir())


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "tasks").mkdir()
    return tmp_path


@pytest.mark.parametrize("what", ["parse", "checks"])
def test_the_first_corpus(what, folder):
    seeds = coverage_guided.seeds(what)
    assert len(seeds) > 40
    for data in seeds:
        coverage_guided.try_one(what, folder, data)


@pytest.mark.parametrize("path", FOUND, ids=lambda path: path.name)
def test_what_was_found(path, folder):
    coverage_guided.try_one(path.name.partition("-")[0], folder, path.read_bytes())


@pytest.mark.parametrize("what", ["parse", "checks"])
def test_the_corpus_cut_and_stirred(what, folder):
    """A few hundred mutants by the same seed each time; atheris does this with its eyes open."""
    chance = random.Random(5)
    seeds = coverage_guided.seeds(what)
    for _ in range(1000 if what == "parse" else 150):
        one, two = (bytearray(chance.choice(seeds)) for _ in range(2))
        at = chance.randrange(len(one) + 1)
        data = one[:at] + two[chance.randrange(len(two) + 1) :]
        for _ in range(chance.randrange(4)):
            if data:
                data[chance.randrange(len(data))] = chance.choice(
                    b"\x00\t\n\r #&*-:?[]{}|>%@`\"'\xff\xe2"
                )
        coverage_guided.try_one(what, folder, bytes(data))
