"""Checks the workspace, or what a change introduces, and says what was found as a Report."""

import os
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from plaintrack.app.check.source import Sight, live, rules
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.checks import plan, policy
from plaintrack.checks.catalogue import every
from plaintrack.checks.report import Effect, Finding, Report
from plaintrack.checks.run import Judged, finished, fits, key, run, running
from plaintrack.checks.work import Found, Work
from plaintrack.config.values import Settings
from plaintrack.errors import PlaintrackError, command
from plaintrack.query.ast import Value
from plaintrack.store import place
from plaintrack.store.clock import BadClock
from plaintrack.store.index import checking

if TYPE_CHECKING:
    from plaintrack.app.check.change import Sides
    from plaintrack.checks.report import Replanned

MOST = 100
"""Findings of one check in one file that are told: more help no one, and hostile files could have a
hundred thousand.
"""
_WIP = ("PT406", "PT407")


class BadBaseline(PlaintrackError):
    """The baseline cannot be read."""

    slug = "bad-baseline"

    def __init__(self, path: str) -> None:
        super().__init__(
            f"{path} is not a baseline",
            f"write one with {command('check', '--baseline', 'FILE', '--write-baseline')}",
        )


class NothingThere(PlaintrackError):
    """A path or an id that does not exist."""

    slug = "nothing-there"

    def __init__(self, word: str) -> None:
        super().__init__(
            f"there is neither a file nor an item {word}",
            f"""check the spelling; to search for text, write it in quotation marks: '"{word}"'""",
        )


class NoPolicy(PlaintrackError):
    """The revision that rules are to be read from has no settings."""

    slug = "no-policy"

    def __init__(self, revision: str) -> None:
        super().__init__(
            f"{revision} has no {place.SETTINGS} to read the rules from",
            "name a revision that has one",
        )


class OtherPlace(PlaintrackError):
    """The path lies outside the workspace."""

    slug = "other-place"

    def __init__(self, path: str, root: str) -> None:
        super().__init__(
            f"{path} is not inside the workspace {root}", "name files of this workspace"
        )


class Asked(NamedTuple):
    """What is to be checked.

    ``query`` and ``paths`` narrow what is reported; ``since`` (``A...B``, ``A..B``, ``A``) or
    ``staged`` ask for what a change introduces. ``policy`` is a revision that the rules are read
    from; ``today`` counts as today (None: the present day); ``baseline`` has the fingerprints of
    findings that are known; ``effects`` asks what a change makes of other items, too.
    ``structure``: only the checks that need no policy run, as they are out of the box, and no
    waiver counts.
    """

    query: str = ""
    paths: tuple[str, ...] = ()
    since: str = ""
    staged: bool = False
    policy: str = ""
    today: date | None = None
    baseline: Mapping[str, int] = {}
    effects: bool = False
    structure: bool = False
    families: tuple[str, ...] = ()
    """Beginnings of codes (``PT1``): only these checks run; all if there are none."""
    plan: bool = True
    """Whether the checks of the plan run, where the settings have one."""


class _Seen(NamedTuple):
    """What the checks of one snapshot came to; ``read`` gives the bytes of its files."""

    judged: list[Judged]
    waived: int
    snapshot: Sight
    settings: Settings
    policy: policy.Policy
    read: Callable[[str], bytes]
    names: tuple[str, str] = ("", "")
    effects: tuple[Effect, ...] = ()
    replanned: "Replanned | None" = None


def check(workspace: Workspace, asked: Asked) -> Report:
    """The Report. Raises UnknownRevision, NoGit, Shallow, BadQuery, and BadSetting for a policy
    that cannot be used.
    """
    return finished(in_steps(workspace, asked))


def in_steps(workspace: Workspace, asked: Asked) -> Generator[None, None, Report]:
    """As ``check``, in steps of one check at most, so that an editor can stay awake meanwhile."""
    if asked.policy:
        _enforce(workspace, asked.policy)
    else:
        try:
            _ = workspace.settings
        except (PlaintrackError, OSError) as error:
            return _unusable(workspace, asked, error)
    try:
        today = asked.today or workspace.today
        if asked.since or asked.staged:
            seen = _change(workspace, asked, today)
        else:
            seen = yield from _whole(workspace, asked, today)
    except BadClock as error:
        return _unusable(workspace, asked, error)
    findings = _located(seen, _few(seen, _narrowed(seen, asked)))
    left = dict(asked.baseline)
    found = [each for each in findings if not _known(left, each)]
    return Report(
        tuple(found), seen.policy.checks, checking.count(seen.snapshot.connection),
        today.isoformat(), *seen.names, asked.policy,
        seen.waived, len(findings) - len(found), tuple(dict.fromkeys(seen.snapshot.notes)),
        below(workspace),
        seen.effects, looked=_looked(seen, asked), replanned=seen.replanned,
    )  # fmt: skip


def _enforce(workspace: Workspace, revision: str) -> None:
    """Look at the workspace with the settings of a revision."""
    from plaintrack.app.snapshot.snapshot import key as depends
    from plaintrack.config.settings import read
    from plaintrack.store.converted import converted_at
    from plaintrack.store.files import LARGEST
    from plaintrack.text.nodes import mapping

    commit = workspace.repo.resolve(revision)
    data = converted_at(workspace.repo, commit, place.SETTINGS, LARGEST + 1)
    if data is None:
        raise NoPolicy(revision)
    settings = read(mapping(data.decode("utf-8-sig", "replace"), f"{revision}:{place.SETTINGS}"))
    try:
        same = depends(settings) == depends(workspace.settings)
    except (PlaintrackError, OSError):
        same = False
    workspace.settings = settings
    if not same:
        # The index of the present settings is not to be made afresh for this.
        workspace.cache = None


def _unusable(workspace: Workspace, asked: Asked, error: Exception) -> Report:
    """The Report on settings that cannot be used: nothing else can be said."""
    from plaintrack.store.clock import now

    checks = {each.code: each for each in every()}
    unreadable = checks["PT001"]
    faults = _faults(workspace) or [Found(place.SETTINGS, "", "", "", str(error), "", 1, 1)]
    findings = [
        Finding(
            unreadable.code,
            unreadable.name,
            fault.path,
            fault.message,
            fault.hint,
            fault.line,
            fault.column,
            0,
            fault.excerpt,
            unreadable.severity,
            "",
            key(unreadable.code, fault),
        )
        for fault in faults
    ]
    return Report(
        tuple(findings),
        checks,
        0,
        (asked.today or now("").date()).isoformat(),
        notes=("the items were not checked, since the settings cannot be used",),
        prefix=below(workspace),
    )


def _faults(workspace: Workspace) -> list[Found]:
    """What is wrong with the file of settings."""
    from plaintrack.app.snapshot.settings import understood

    try:
        data = workspace.read(place.SETTINGS)
    except PlaintrackError as error:
        message = error.message
    except OSError as error:
        message = f"cannot be read: {error.strerror}"
    else:
        return understood(data)[1]
    return [Found(place.SETTINGS, "", "", "", message, "put a regular file in its place", 1, 1)]


def _whole(workspace: Workspace, asked: Asked, today: date) -> Generator[None, None, _Seen]:
    """Everything, as it is in the work tree."""
    present: Settings | None = workspace.settings
    faults: list[Found] = []
    if asked.policy:
        from plaintrack.app.snapshot.settings import understood

        try:
            present, faults = understood(workspace.read(place.SETTINGS))
        except (PlaintrackError, OSError):
            present, faults = understood(None)
    snapshot = Sight(
        workspace, workspace.index.connection, today, present, faults, lambda: rules(workspace),
        live=lambda: live(workspace), merged=lambda ask: ask(workspace),
    )  # fmt: skip
    if asked.structure:
        rule = policy.read({}, [each for each in every() if each.structural])
    else:
        rule = policy.read(workspace.settings.checks, every(), bool(asked.policy))
    if not (workspace.settings.planned and asked.plan):
        rule = _without_plan(rule)
    if asked.families:
        rule = rule._replace(
            rules={code: on for code, on in rule.rules.items() if code.startswith(asked.families)}
        )
    work = Work(snapshot, workspace.settings, today)
    judged, waived = yield from running(work, rule, not asked.structure)
    return _Seen(judged, waived, snapshot, workspace.settings, rule, workspace.read)


def _change(workspace: Workspace, asked: Asked, today: date) -> _Seen:
    """What a change introduces: what is found after it and was not found before."""
    from plaintrack.app.check.change import sides
    from plaintrack.store.index.part import Reach

    given = policy.read(workspace.settings.checks, every())
    if not workspace.settings.planned:
        given = _without_plan(given)
    rooms = workspace.settings.rooms
    staffed = "people" in rooms or "equipment" in rooms
    queries = bool(asked.query or given.queries)
    reach = Reach(
        any(map(given.active, _WIP)),
        queries,
        needs="equipment" in rooms,
        open=(staffed and (asked.effects or _staff_differs(workspace, asked)))
        or (not asked.staged and any(map(given.active, plan.CODES))),
        heirs=queries and bool(workspace.settings.urgency.get("inherit")),
    )
    both = sides(workspace, asked.since, asked.staged, today, bool(asked.policy), reach)
    rule = policy.read(both.new.settings.checks, every(), bool(asked.policy))
    if asked.staged or not both.new.settings.planned:
        rule = _without_plan(rule)
    before, hidden = run(Work(both.old.snapshot, both.old.settings, today, (), both.focus), rule)
    after, waived = run(
        Work(both.new.snapshot, both.new.settings, today, both.deltas, both.focus), rule
    )
    new = _introduced(before, after)

    def read(path: str) -> bytes:
        return both.new.contents[path] if path in both.new.contents else workspace.read(path)

    come: tuple[Effect, ...] = ()
    if asked.effects:
        from plaintrack.app.check.effects import effects
        from plaintrack.app.check.overbooked import overbooked

        come = effects(both.old.snapshot, both.new.snapshot, both.focus)
        if staffed:
            come += overbooked(both.old.snapshot, both.new.snapshot)
    moves = _moves(both) if asked.effects and both.new.settings.planned else None
    return _Seen(
        new,
        max(0, waived - hidden),
        both.new.snapshot,
        both.new.settings,
        rule,
        read,
        both.names,
        come,
        moves,
    )


def _without_plan(rule: policy.Policy) -> policy.Policy:
    """The policy without the checks of the plan: none is asked for, or it would take too long."""
    kept = {code: rules for code, rules in rule.rules.items() if code not in plan.CODES}
    return rule._replace(rules=kept)


def _introduced(before: list[Judged], after: list[Judged]) -> list[Judged]:
    """The findings that were not there before, or weighed less."""
    known: dict[str, list[float]] = {}
    for finding in before:
        known.setdefault(finding.key, []).append(finding.found.weight)
    new = []
    for finding in after:
        weights = known.get(finding.key, [])
        if weights and max(weights) >= finding.found.weight:
            weights.remove(max(weights))
        else:
            new.append(finding)
    return new


def _moves(both: "Sides") -> "Replanned | None":
    """What a change moves in the plan; where that cannot be told, a note says why."""
    found, why = both.plans.replanned()
    if why:
        both.new.snapshot.notes.append(why)
    return found


def _staff_differs(workspace: Workspace, asked: Asked) -> bool:
    """Whether a change touches people or equipment, which all open work may depend on."""
    from plaintrack.app.snapshot.review import sides

    repo = workspace.repo
    folders = [
        each for room, each in workspace.settings.rooms.items() if room in ("people", "equipment")
    ]
    try:
        one, two, _ = sides(repo, asked.since)
    except PlaintrackError:
        return True  # which the change itself reports
    if repo.diff(one, two, folders, asked.staged):
        return True
    return two is None and not asked.staged and bool(repo.untracked(folders))


def _looked(seen: _Seen, asked: Asked) -> int | None:
    """How many of the items lie in the paths and answer the query; None where all do."""
    if not asked.paths and not asked.query:
        return None
    there = checking.paths(seen.snapshot.connection)
    if asked.paths:
        there = [path for path in there if any(fits(path, each) for each in asked.paths)]
    if asked.query:
        answers = seen.snapshot.answers(asked.query)
        there = [path for path in there if path in answers]
    return len(there)


def _narrowed(seen: _Seen, asked: Asked) -> list[Judged]:
    """Those findings that lie in the paths and the items asked for."""
    found = seen.judged
    if asked.paths:
        found = [each for each in found if any(fits(each.found.path, path) for path in asked.paths)]
    if asked.query:
        paths = seen.snapshot.answers(asked.query)
        found = [each for each in found if each.found.path in paths]
    return found


def _few(seen: _Seen, judged: Iterable[Judged]) -> list[Judged]:
    """At most MOST findings of one check in one file; a note counts the others."""
    count: Counter[tuple[str, str]] = Counter()
    found = []
    for each in judged:
        count[each.found.path, each.check.code] += 1
        if count[each.found.path, each.check.code] <= MOST:
            found.append(each)
    for (path, code), number in count.items():
        if number > MOST:
            seen.snapshot.notes.append(
                f"{number - MOST:,} more findings of {code} in {path} are left out"
            )
    return found


def _located(seen: _Seen, judged: Iterable[Judged]) -> list[Finding]:
    """The findings with their places, in order; each file is read once."""
    from plaintrack.checks.locate import Places, Spot, setting

    waiting = sorted(judged, key=lambda each: each.found.path)
    path, data, places = "", b"", None
    found = []
    for each in waiting:
        one = each.found
        spot = Spot(one.line, one.column, 0, one.excerpt)
        if not one.line and one.field:
            if one.path != path:
                path, data, places = one.path, _bytes(seen, one.path), None
            if path == place.SETTINGS:
                spot = setting(data, path, one.field)
            else:
                places = places or Places(path, data, seen.settings.schema)
                spot = places.spot(one)
        found.append(
            Finding(
                each.check.code,
                each.check.name,
                one.path,
                one.message,
                one.hint,
                *spot,
                each.severity,
                one.item,
                each.key,
            )
        )
    found.sort(key=lambda each: (each.path, each.line, each.column, each.code, each.message))
    return _told_apart(found)


def _bytes(seen: _Seen, path: str) -> bytes:
    try:
        return seen.read(path)
    except (PlaintrackError, OSError):
        return b""


def _told_apart(findings: Sequence[Finding]) -> list[Finding]:
    """The findings, with a number at the keys that are there already."""
    count: Counter[str] = Counter()
    found = []
    for each in findings:
        count[each.key] += 1
        found.append(
            each if count[each.key] == 1 else each._replace(key=f"{each.key}\x1f{count[each.key]}")
        )
    return found


def _known(baseline: dict[str, int], finding: Finding) -> bool:
    """Whether the baseline has a finding; each entry counts once."""
    if not baseline or not baseline.get(finding.fingerprint):
        return False
    baseline[finding.fingerprint] -= 1
    return True


def read_baseline(path: str) -> dict[str, int]:
    """The fingerprints of a baseline, and how often each is in it. Raises BadBaseline, OSError."""
    import json

    try:
        with open(path, encoding="utf-8") as handle:
            found = json.load(handle)["findings"]
        return dict(Counter(str(each["fingerprint"]) for each in found))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BadBaseline(path) from error


def baseline(report: Report) -> str:
    """The findings of a Report as a baseline: one a line, in an order that does not depend on
    places, so that it merges well.
    """
    import json

    lines = [
        json.dumps(
            {
                "fingerprint": each.fingerprint,
                "code": each.code,
                "path": each.path,
                "message": each.message,
            },
            ensure_ascii=True,
        )
        for each in sorted(
            report.findings, key=lambda each: (each.path, each.code, each.fingerprint)
        )
    ]
    return '{"schema": 1, "findings": [\n' + ",\n".join(lines) + "\n]}\n"


def catalogue(workspace: Callable[[], Workspace]) -> policy.Policy:
    """The checks as the settings of this workspace have them; outside of one, or with settings that
    cannot be used, as they are out of the box.
    """
    try:
        given = workspace().settings.checks
    except (PlaintrackError, OSError):
        given = {}
    return policy.read(given, every())


def below(workspace: Workspace) -> str:
    """What stands before a workspace path to have it from the top of the repository; empty, or it
    ends with ``/``.
    """
    top = place.top(workspace.root)
    if top:
        found = os.path.relpath(os.path.realpath(workspace.root), os.path.realpath(top)).replace(
            os.sep, "/"
        )
    else:
        found = "."
    return "" if found == "." else f"{found}/"


def narrowed(
    workspace: Workspace, terms: Sequence[str], change: bool = False
) -> tuple[str, tuple[str, ...]]:
    """What the words of a command narrow a check to: a query, and paths of the workspace.

    A word is a path, an item by any part of its id, or a term of a query; one that could only be a
    search for text is refused, since it may be a path or an id that is misspelt, and finding
    nothing there would look like success. ``change``: a change is checked, which may have deleted
    the files.
    """
    query, paths, items = [], [], []
    for term in terms:
        if os.path.lexists(term) or (change and "/" in term and _bare(term)):
            paths.append(inside(workspace, term))
        elif term.strip() and _bare(term):
            items.append(_item(workspace, term))
        else:
            query.append(term)
    if items:
        query.append(f"id:{','.join(items)}")
    return " ".join(query), tuple(filter(None, paths))


def _bare(term: str) -> bool:
    """Whether a term is a word without field, quotes or parentheses."""
    from plaintrack.query.lexer import tokens

    found = tokens(term)
    first = found[0].term
    return (
        len(found) == 2
        and first is not None
        and not first.field
        and isinstance(first.items[0], Value)
        and first.items[0].kind == "bare"
    )


def _item(workspace: Workspace, word: str) -> str:
    from plaintrack.app.snapshot.find import resolve
    from plaintrack.model.ids import UnknownId

    try:
        return resolve(workspace, word)
    except UnknownId as error:
        raise NothingThere(word) from error


def inside(workspace: Workspace, path: str) -> str:
    """A path of the file system as a workspace path; empty for the workspace itself. Raises
    OtherPlace if it lies outside.
    """
    found = os.path.relpath(os.path.abspath(path), workspace.root).replace(os.sep, "/")
    if found == ".." or found.startswith("../"):
        raise OtherPlace(path, workspace.root)
    return "" if found == "." else found
