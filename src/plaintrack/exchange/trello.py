"""Trello's JSON of a board."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from plaintrack.exchange.changes import Change, day
from plaintrack.exchange.draft import Draft, Move, Remark, Words
from plaintrack.exchange.formats import Codec
from plaintrack.exchange.source import BadSource, Source, epoch, iso, parsed
from plaintrack.exchange.words import category

MOST_ACTIONS = 1000
"""Actions that Trello puts into an export."""
ARCHIVED = "archived"
_CARD = {"id", "idList", "desc", "labels"}
_KEPT = ("url", "address", "locationName")


def read(source: Source) -> Iterator[Draft]:
    """The cards, with their checklists as steps. Raises BadSource."""
    board = parsed(source, _packed)
    if not isinstance(board, dict) or not isinstance(board.get("cards"), list):
        message = "a board of Trello has `cards`; there are none"
        raise BadSource(source.name, message, "export it: board menu > Print, export > JSON")
    cards = board.pop("cards")
    reader = _Board(source, board)
    cards.reverse()
    while cards:  # what is read need not be kept
        card = cards.pop()
        card = _object(card)
        if card.get("id") and not card.get("isTemplate"):
            yield reader.draft(card)


def _packed(each: dict[str, Any]) -> dict[str, Any] | bytes:
    """A card as bytes, which take a third of the memory; all else as it is."""
    return json.dumps(each).encode() if each.keys() >= _CARD else each


class _Board:
    """One board, with what its cards refer to by ids."""

    def __init__(self, source: Source, board: Mapping[str, Any]) -> None:
        self.source = source
        self.lists = _named(board, "lists", "name")
        self.archived = {
            str(each.get("id")) for each in _objects(board, "lists") if each.get("closed")
        }
        self.people = dict(_left(board))
        self.people.update(_named(board, "members", "username"))
        self.labels = _named(board, "labels", "name")
        self.fields = {
            str(each["id"]): each for each in _objects(board, "customFields") if each.get("id")
        }
        self.lines: dict[str, list[str]] = {}
        self.dropped: dict[str, list[Change]] = {}
        for each in _objects(board, "checklists"):
            card = str(each.get("idCard"))
            self.lines.setdefault(card, []).extend(_steps(each))
            self.dropped.setdefault(card, []).extend(_dropped(each))
        self.actions: dict[str, list[Mapping[str, Any]]] = {}
        actions = list(_objects(board, "actions"))
        for each in actions:
            mine = _object(_object(each.get("data")).get("card")).get("id")
            self.actions.setdefault(str(mine), []).append(each)
        if len(actions) >= MOST_ACTIONS:
            source.note(
                f"the export has the last {MOST_ACTIONS} actions only: older comments and moves"
                " are missing"
            )

    def draft(self, card: Mapping[str, Any]) -> Draft:
        """One card."""
        source, mine = self.source, str(card["id"])
        told: list[Change] = []
        fields: dict[str, Words] = {
            "status": self._status(card, told),
            "tags": tuple(filter(None, map(self._label, card.get("labels") or ()))),
            "assignee": tuple(
                self.people.get(str(each), str(each)) for each in card.get("idMembers") or ()
            ),
        }
        made = self._made(mine)
        if made:
            fields["created"] = source.moment(made)
        for name in ("start", "due"):
            moment = iso(str(card.get(name) or ""))
            if moment:
                fields[name] = day(source, name, moment, told)
        extra: dict[str, Words] = {name: str(card[name]) for name in _KEPT if card.get(name)}
        for each in card.get("attachments") or ():
            if isinstance(each, dict) and each.get("url"):
                extra["attachments"] = (*_many(extra.get("attachments")), str(each["url"]))
        extra.update(self._custom(card))
        steps = "\n".join(self.lines.get(mine, ()))
        body = "\n\n".join(filter(None, (str(card.get("desc") or "").strip(), steps.strip())))
        moves = tuple(self._moves(mine))
        if category(fields["status"]) in ("done", "cancelled") and moves:  # type: ignore[arg-type]
            fields["closed"] = source.moment(moves[-1].date)
        return Draft(
            str(card.get("shortLink") or mine),
            str(card.get("name") or ""),
            body,
            {name: value for name, value in fields.items() if value},
            {},
            extra,
            tuple(self._remarks(mine)),
            moves,
            changed=(*told, *self.dropped.get(mine, ())),
        )

    def _label(self, label: Any) -> str:
        if isinstance(label, dict):
            return str(label.get("name") or label.get("color") or "")
        return self.labels.get(str(label), "")

    def _status(self, card: Mapping[str, Any], told: list[Change]) -> str:
        """The card's list; an archived card, also one of an archived list, was given up, unless its
        list is one of done work.
        """
        at = str(card.get("idList"))
        where = self.lists.get(at, "")
        archived = card.get("closed") or at in self.archived
        if category(where) == "done" or not (card.get("dueComplete") or archived):
            return where
        found = "complete" if card.get("dueComplete") else ARCHIVED
        told.append(Change("status", where, found, f"lists of cards that are {found}"))
        return found

    def _made(self, card: str) -> datetime | None:
        """When a card was made: its id begins with that."""
        for action in self.actions.get(card, ()):
            if action.get("type") in ("createCard", "copyCard", "convertToCardFromCheckItem"):
                return iso(str(action.get("date") or ""))
        try:
            return epoch(int(card[:8], 16))
        except ValueError:
            return None

    def _moves(self, card: str) -> Iterator[Move]:
        for action in reversed(self.actions.get(card, ())):
            data = _object(action.get("data"))
            before, after = data.get("listBefore"), data.get("listAfter")
            moment = iso(str(action.get("date") or ""))
            if moment and isinstance(before, dict) and isinstance(after, dict):
                old, new = str(before.get("name") or ""), str(after.get("name") or "")
                yield Move(moment, self._author(action), "status", old, new)

    def _remarks(self, card: str) -> Iterator[Remark]:
        for action in reversed(self.actions.get(card, ())):
            text = _object(action.get("data")).get("text")
            if action.get("type") == "commentCard" and text:
                moment = iso(str(action.get("date") or ""))
                said = self.source.moment(moment) if moment else ""
                yield Remark(str(text), self._author(action), said)

    def _author(self, action: Mapping[str, Any]) -> str:
        who = action.get("memberCreator")
        return str(who.get("username") or "") if isinstance(who, dict) else ""

    def _custom(self, card: Mapping[str, Any]) -> Iterator[tuple[str, Words]]:
        for item in card.get("customFieldItems") or ():
            field = self.fields.get(str(item.get("idCustomField")), {})
            value = item.get("value")
            text = next(iter(value.values()), "") if isinstance(value, dict) else ""
            for option in field.get("options") or ():
                if option.get("id") == item.get("idValue"):
                    text = option.get("value", {}).get("text", "")
            if field.get("name") and text:
                yield str(field["name"]), str(text)


def _object(value: Any) -> dict[str, Any]:
    """An object of the file, see ``_packed``; empty if it is none."""
    if isinstance(value, bytes):
        value = json.loads(value)
    return value if isinstance(value, dict) else {}


def _objects(board: Mapping[str, Any], name: str) -> Iterator[Mapping[str, Any]]:
    for each in board.get(name) or ():
        if isinstance(each, dict):
            yield each


def _named(board: Mapping[str, Any], name: str, key: str) -> dict[str, str]:
    return {str(each.get("id")): str(each.get(key) or "") for each in _objects(board, name)}


def _steps(checklist: Mapping[str, Any]) -> Iterator[str]:
    """A checklist as check boxes below its name, in its order."""
    yield f"\n## {' '.join(str(checklist.get('name') or 'Checklist').split())}\n"
    items = [each for each in checklist.get("checkItems") or () if isinstance(each, dict)]
    for item in sorted(items, key=lambda each: each.get("pos") or 0):
        mark = "x" if item.get("state") == "complete" else " "
        yield f"- [{mark}] {' '.join(str(item.get('name') or '').split())}"


def _dropped(checklist: Mapping[str, Any]) -> Iterator[Change]:
    """What of its steps a check box has no place for."""
    for item in _objects(checklist, "checkItems"):
        if item.get("due"):
            yield Change("steps", str(item["due"]), "", "without due date")
        if item.get("idMember"):
            yield Change("steps", str(item["idMember"]), "", "without person")


def _left(board: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """People who are not on the board any more, as its actions name them."""
    for action in _objects(board, "actions"):
        for who in (action.get("memberCreator"), action.get("member")):
            if isinstance(who, dict) and who.get("username"):
                yield str(who.get("id")), str(who["username"])


def _many(value: Words | None) -> tuple[str, ...]:
    return () if not value else (value,) if isinstance(value, str) else value


CODEC = Codec(
    title="Trello",
    files="board menu > Print, export and share > Export as JSON",
    reads=read,
    maps={"status": {"complete": "done", ARCHIVED: "cancelled"}},
    homes={
        "lists": "`status`",
        "checklists": "steps in the body, all of them",
        "labels": "`tags`, by name, else by colour",
        "members": "`assignee`",
        "comments": "comments, with author and moment",
        "archived cards, cards of archived lists": "cancelled; done if their list is"
        " one of done work",
        "custom fields": "keys of their own",
    },
    loses={
        "actions before the last 1,000": "Trello does not export them",
        "attachments": "their addresses are kept, the files stay at Trello",
        "covers, stickers, votes, data of Power-Ups": "there is nothing like them here",
    },
)
