"""What is remembered comes back as it was, and only for what it was made from."""

import os
import random
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from plaintrack.config.settings import read
from plaintrack.config.values import plain, whole
from plaintrack.store.clock import _offset
from plaintrack.store.digest import digest
from plaintrack.store.remember import recall, remember

VALUE = {"a": ("é\n'\"", 1, -2.5, None, True), "b": {"c": ()}}


def test_a_value_comes_back(tmp_path):
    remember(str(tmp_path), "x.cache", b"source", VALUE)
    assert recall(str(tmp_path), "x.cache", b"source") == VALUE
    assert os.listdir(tmp_path) == ["x.cache"]


def test_of_another_source_it_is_not(tmp_path):
    remember(str(tmp_path), "x.cache", b"source", VALUE)
    assert recall(str(tmp_path), "x.cache", b"other") is None
    assert recall(str(tmp_path), "y.cache", b"source") is None
    assert recall(None, "x.cache", b"source") is None


def test_a_damaged_file_is_not_believed(tmp_path):
    remember(str(tmp_path), "x.cache", b"source", VALUE)
    good = (tmp_path / "x.cache").read_bytes()
    for at in range(len(good)):
        (tmp_path / "x.cache").write_bytes(good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :])
        assert recall(str(tmp_path), "x.cache", b"source") is None
        (tmp_path / "x.cache").write_bytes(good[:at])
        assert recall(str(tmp_path), "x.cache", b"source") is None


@pytest.mark.parametrize(
    "text", [b"__import__('os').getpid()", b"(" * 100_000, b"\xff", b"[].append(1)", b""]
)
def test_a_forged_file_is_never_run(tmp_path, text):
    (tmp_path / "x.cache").write_bytes(digest(b"source" + text) + text)
    assert recall(str(tmp_path), "x.cache", b"source") is None


def test_where_nothing_can_be_written_nothing_happens(tmp_path):
    remember(str(tmp_path / "missing"), "x.cache", b"source", VALUE)
    remember(None, "x.cache", b"source", VALUE)
    assert not os.path.exists(tmp_path / "missing")


def test_settings_come_back_whole():
    given = {
        "fields": {"size": {"type": "choice", "choices": ["s", "l"]}},
        "views": {"mine": {"query": "is:open", "columns": ["id"]}},
    }
    settings = read(given)
    assert whole(plain(settings)) == settings
    assert type(whole(plain(settings)).schema.fields["size"]) is type(
        settings.schema.fields["size"]
    )


@pytest.mark.parametrize(
    "zone", ["Europe/Berlin", "Australia/Lord_Howe", "America/St_Johns", "UTC", "Asia/Kolkata"]
)
def test_the_offset_is_right_at_any_time(tmp_path, zone):
    chance = random.Random(zone)
    change = int(datetime(2026, 10, 25, 1).timestamp())
    moments = [change + chance.randint(-200_000, 200_000) for _ in range(200)] + [
        change + each for each in range(-90_000, 90_000, 1800)
    ]
    for seconds in moments:
        now = datetime.fromtimestamp(seconds, _offset(zone, seconds, str(tmp_path)))
        true = datetime.fromtimestamp(seconds, ZoneInfo(zone))
        assert (now.utcoffset(), now.tzname(), now.replace(tzinfo=None)) == (
            true.utcoffset(),
            true.tzname(),
            true.replace(tzinfo=None),
        )


def test_an_offset_is_remembered_only_where_it_holds_for_a_day(tmp_path):
    calm = int(datetime(2026, 7, 1).timestamp())
    before_change = int((datetime(2026, 10, 25, 1) - timedelta(hours=12)).timestamp())
    _offset("Europe/Berlin", before_change, str(tmp_path))
    assert os.listdir(tmp_path) == []
    _offset("Europe/Berlin", calm, str(tmp_path))
    assert os.listdir(tmp_path) == ["offset.cache"]
