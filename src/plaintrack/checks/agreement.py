"""Checks of approvals: what is missing, what is void, what is not proven."""

from collections.abc import Iterator

from plaintrack.checks.catalogue import check
from plaintrack.checks.work import SETTINGS, Found, Options, Work, at
from plaintrack.errors import command, suggestion
from plaintrack.model.approval import BY_FIELD, ROLES
from plaintrack.model.task import fold


@check("PT412", "not-approved", "error")
def not_approved(work: Work, _options: Options) -> Iterator[Found]:
    """An item has a status for which approvals are missing.

    Why: the settings say who has to agree first, under `approvals.needs`. Commands hold such a
    status back; an editor or a merge does not.

    Fix: ask for `plaintrack approve ID`, or put the item back. An approval counts only for the
    content it was given on.

    Bad:
        tags: [release]
        status: done              # and 1 of 2 approvals of leads are there

    Good:
        status: review
    """
    for each in work.agreed.missing:
        message = f"it is {each.status}, and {'; '.join(each.lacks)}"
        hint = f"ask for {command('approve', each.item)}, or put it back"
        yield Found(each.path, each.item, "status", each.status, message, hint)


@check("PT413", "void-approval", "warning")
def void_approval(work: Work, _options: Options) -> Iterator[Found]:
    """An open item has changed since it was approved.

    Why: an approval is one of a certain content. What was agreed is no longer what stands there.

    Fix: ask for `plaintrack approve ID` again, or take the change back.

    Bad:
        due: 2027-03-01           # it was 2026-12-01 when ana approved

    Good:
        due: 2026-12-01
    """
    for path, item, who in work.agreed.void:
        yield Found(
            path,
            item,
            "title",
            "",
            f"it has changed since {who} approved it",
            f"ask for {command('approve', item)} again",
        )


@check("PT414", "broken-approval", "error")
def broken_approval(work: Work, _options: Options) -> Iterator[Found]:
    """A file among the approvals cannot be used.

    Why: it counts for nothing, though someone decided.

    Fix: restore it from git, or delete it and give the verdict again.

    Bad:
        verdict: maybe

    Good:
        verdict: approved
    """
    for problem in work.agreed.broken:
        yield Found(
            problem.path, "", "", "", problem.message, problem.hint, problem.line, problem.column,
            problem.excerpt,
        )  # fmt: skip


@check("PT415", "unknown-approver", "error")
def unknown_approver(work: Work, _options: Options) -> Iterator[Found]:
    """A rule of approvals, owners or watching names no one, or wants more people than there are.

    Why: what needs their approval can never be done.

    Fix: correct the name, or put people into the group: `team:` in their files, or `groups:` in
    plaintrack.yml.

    Bad:
        approvals:
          needs:
          - {query: 'tags:release', of: 3 of leads}     # and two people are in leads

    Good:
        approvals:
          needs:
          - {query: 'tags:release', of: 2 of leads}
    """
    staff = work.staff
    if not staff.people:
        return
    settings = work.settings
    wanted = [
        (f"approvals.needs.{number}.of", count, who)
        for number, need in enumerate(settings.approvals["needs"])
        for count, who in need["wanted"]
        if who not in BY_FIELD
    ]
    wanted += [
        (f"{name}.{number}.of", 1, who)
        for name, rules in (("owners", settings.owners), ("watching", settings.watching))
        for number, rule in enumerate(rules)
        for who in rule["of"]
        if name == "owners" or who not in ROLES
    ]
    for key, count, who in wanted:
        people = staff.members(who)
        known = [each for each in people if fold(each) in staff.people]
        if len(known) >= count:
            continue
        if not known:
            names = [each.handle for each in staff.people.values()]
            hint = suggestion(who, [*names, *staff.spelled.values()], "name a person or a group")
            yield Found(SETTINGS, "", key, "", f"no one is {who}", hint)
        else:
            message = f"{count} of {who} are wanted, and it has {len(known)}"
            yield Found(SETTINGS, "", key, "", message, "ask for fewer, or add people to the group")


@check("PT416", "update-due", "warning")
def update_due(work: Work, _options: Options) -> Iterator[Found]:
    """An open project or goal has had no status update for longer than the settings ask for.

    Why: those who depend on it do not know how it stands. `health.days` in the settings says how
    often one is wanted.

    Fix: write one with `plaintrack health ID on-track`, or close the project.

    Bad:
        health: {days: 14}        # and the last update is 20 days old

    Good:
        an update of the last 14 days in updates/ID/
    """
    for row, days in work.source.quiet() if work.settings.health["days"] else ():
        since = f"the last update is {days} days old" if days is not None else "it has no update"
        hint = f"write one with {command('health', row.id, 'on-track')}"
        yield at(row, "title", since, hint)
