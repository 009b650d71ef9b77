"""A board of Trello whose parts are not what they should be."""

import json

import pytest

from plaintrack.exchange import formats, source

CARD = {"id": "c1", "name": "A card", "idList": "l1", "desc": "", "labels": []}


@pytest.mark.parametrize("odd", [None, 5, "x", [], [5], {}, {"card": 5}, {"card": [CARD]}])
def test_odd_actions_lists_and_cards_are_passed_over(odd):
    board = {
        "cards": [CARD, odd, 7],
        "lists": [{"id": "l1", "name": "Doing"}, odd],
        "actions": [{"type": "commentCard", "data": odd}, odd],
        "checklists": [odd],
        "members": [odd],
    }
    found = formats.codec("trello").reads(source.of_bytes(json.dumps(board).encode(), "file", None))
    assert [each.title for each in found] == ["A card"]


def test_a_card_within_an_action_is_whole():
    """It looks like a card of the board."""
    said = {"type": "commentCard", "date": "2026-11-01T10:00:00.000Z"}
    board = {"cards": [CARD], "actions": [{**said, "data": {"card": CARD, "text": "Seen"}}]}
    data = json.dumps(board).encode()
    (found,) = formats.codec("trello").reads(source.of_bytes(data, "file", None))
    assert [each.text for each in found.remarks] == ["Seen"]
