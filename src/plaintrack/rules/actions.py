"""The actions of rules: a table of functions, whose docstrings are their documentation: what it
does, what to know, and an example.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from plaintrack.errors import PlaintrackError
from plaintrack.model.edit import Add, Edit, Set, Tick
from plaintrack.model.task import Task, fold

MENTION = re.compile(r"(?<!\w)@(?=\w)|<(?=[!@#])")
"""What would notify someone in a chat."""
Given = Mapping[str, Any]
"""What a rule gives an action: values by option, or by field."""


class Deed(Protocol):
    """One action on one item, as the functions below ask for it."""

    target: str
    """The id of the item acted on; empty if the trigger has none."""

    def fill(self, text: str, chat: bool = False) -> str:
        """``text`` with fields filled in; ``chat``: their values mention no one."""

    def task(self) -> Task:
        """The item acted on; raises BadAction without one."""

    def edits(self, fields: Given, sign: str) -> list[Edit]:
        """The Edits for fields and values; ``sign`` is ``=``, ``+=`` or ``-=``."""

    def reference(self, field: str) -> Set | Add:
        """The Edit that names the item acted on in a field of another item."""

    def edit(self, edits: Sequence[Edit]) -> list[str]:
        """Edit the item acted on; what to tell."""

    def comment(self, text: str) -> list[str]:
        """Comment on the item acted on; what to tell."""

    def create(self, title: str, edits: Sequence[Edit], template: str, body: str) -> list[str]:
        """Add an item; what to tell."""

    def move(self, folder: str) -> list[str]:
        """Move the file of the item acted on (empty: to the archive); what to tell."""

    def notify(self, to: str, text: str) -> list[str]:
        """Send a notification; what to tell."""

    def run(self, words: Sequence[str], names: Sequence[str], seconds: float) -> list[str]:
        """Run a command with the variables ``names`` of the environment; what to tell."""

    def webhook(self, url: str, secret: str, text: str) -> list[str]:
        """Post the item acted on; what to tell."""

    def report(self, name: str, to: str, since: str) -> list[str]:
        """Write a report into a file of the workspace; what to tell."""

    def report_text(self, name: str, since: str) -> str:
        """A report as Markdown."""

    def digest_text(self, who: str, period: str) -> str:
        """The digest of a person's inbox as Markdown; empty if there is nothing to tell."""

    def commit(self) -> None:
        """Have what was written committed."""


class BadAction(PlaintrackError):
    """An action cannot be done."""

    slug = "bad-action"


class NoSuchStep(BadAction):
    """The item has no such step."""

    slug = "no-such-step"

    def __init__(self, item: str, step: str) -> None:
        super().__init__(f"{item} has no step {step!r}", "a number, its text, or `all`")


class NowhereTo(BadAction):
    """A report has neither a file nor an address."""

    slug = "nowhere-to"

    def __init__(self) -> None:
        super().__init__("the report goes nowhere", "add `to: FILE` or `notify: ADDRESS`")


class Option(NamedTuple):
    """An option of an action: its kind (a key of ``load.FORMS``) and what it means.

    ``needed``: the action cannot do without it; ``outside``: with it the action needs trust.
    """

    kind: str
    doc: str
    needed: bool = False
    outside: bool = False


class ActionKind(NamedTuple):
    """One entry of the table.

    ``main`` is the option that a plain value stands for; ``outside``: it reaches beyond the files
    of the workspace and needs trust. ``sign`` is that of an action which takes fields and values.
    ``text`` is the docstring of its function.
    """

    name: str
    run: Callable[[Deed, Given], list[str]]
    options: Mapping[str, Option]
    main: str = ""
    outside: bool = False
    sign: str = ""
    text: str = ""

    @property
    def plain(self) -> bool:
        """Whether it takes nothing."""
        return not self.options and not self.sign


class Action(NamedTuple):
    """One thing a rule does; ``about`` holds its parameters, all texts, lists and mappings."""

    kind: str
    about: Given

    @property
    def outside(self) -> bool:
        """Whether it needs trust."""
        kind = ACTIONS[self.kind]
        options = [option for name, option in kind.options.items() if self.about.get(name)]
        return kind.outside or any(option.outside for option in options)


ACTIONS: dict[str, ActionKind] = {}
"""Every action by name, in the order of the documentation."""
_Run = Callable[[Deed, Given], list[str]]


def action(
    name: str, main: str = "", /, outside: bool = False, sign: str = "", **options: Option
) -> Callable[[_Run], _Run]:
    """Put the function below into the table; ``options`` are its options by name."""

    def made(run: _Run) -> _Run:
        ACTIONS[name] = ActionKind(name, run, options, main, outside, sign, run.__doc__ or "")
        return run

    return made


@action("set", sign="=")
def set_(deed: Deed, about: Given) -> list[str]:
    """Sets fields of the item.

    A status may be named by its category. `{rotate: [alice, bob]}` takes the next one of a list
    with every firing of the rule.

    Example:
        - set: {status: done, due: +3d, assignee: {rotate: [alice, bob]}}
    """
    return deed.edit(deed.edits(about, "="))


@action("add", sign="+=")
def add(deed: Deed, about: Given) -> list[str]:
    """Adds values to fields that hold lists.

    Example:
        - add: {tags: late}
    """
    return deed.edit(deed.edits(about, "+="))


@action("remove", sign="-=")
def remove(deed: Deed, about: Given) -> list[str]:
    """Removes values from fields that hold lists.

    Example:
        - remove: {tags: late}
    """
    return deed.edit(deed.edits(about, "-="))


@action("comment", "text", text=Option("text", "The comment.", needed=True))
def comment(deed: Deed, about: Given) -> list[str]:
    """Comments on the item, as `rule NAME`.

    The comment has the moment at which the change was seen; by a time trigger the first day on
    which that held, the same in every clone.

    Example:
        - comment: 'Overdue ({due}): the priority went up.'
    """
    deed.task()
    return deed.comment(deed.fill(about["text"]).rstrip("\n") + "\n")


@action(
    "tick",
    "step",
    step=Option("text", "The number of a step, its text, or `all`.", needed=True),
)
def tick(deed: Deed, about: Given) -> list[str]:
    """Ticks steps of the item.

    Example:
        - tick: all
    """
    wanted = deed.fill(about["step"])
    steps = list(enumerate(deed.task().steps, 1))
    if wanted != "all":
        steps = [
            (number, step)
            for number, step in steps
            if wanted == str(number) or fold(step.text) == fold(wanted)
        ]
        if not steps:
            raise NoSuchStep(deed.target, wanted)
    return deed.edit([Tick(number) for number, _ in steps])


@action(
    "create",
    "title",
    title=Option("text", "The title of the new item.", needed=True),
    template=Option("template", "The template to create it from."),
    set=Option("fields", "Fields and values of it."),
    body=Option("text", "Its text."),
    link=Option("field", "The field in it that names the item acted on."),
)
def create(deed: Deed, about: Given) -> list[str]:
    """Creates an item.

    Example:
        - create: {title: 'Review {title}', template: task, set: {priority: high}, link: parent}
    """
    title = " ".join(deed.fill(about["title"]).split())
    edits = deed.edits(about.get("set") or {}, "=")
    if about.get("link") and deed.target:
        edits.append(deed.reference(about["link"]))
    body = deed.fill(about.get("body") or "")
    return deed.create(title, edits, about.get("template") or "", body)


@action("move", "to", to=Option("folder", "A folder of items, or one below it.", needed=True))
def move(deed: Deed, about: Given) -> list[str]:
    """Moves the file of the item.

    Example:
        - move: tasks/late
    """
    return deed.move(deed.fill(about["to"]))


@action("archive")
def archive(deed: Deed, _about: Given) -> list[str]:
    """Moves the file of the item to the archive.

    Example:
        - archive
    """
    return deed.move("")


@action(
    "notify",
    "text",
    text=Option("text", "The text.", needed=True),
    to=Option(
        "plain",
        "Where to: `desktop`, an address of [apprise](https://github.com/caronc/apprise) such as"
        " `mailto://…` or `slack://…`, or `env:NAME`, which takes the address from the environment,"
        " since it holds secrets. It needs trust and the extra `notify`.",
        outside=True,
    ),
)
def notify(deed: Deed, about: Given) -> list[str]:
    """Prints a line, or sends a notification to the desktop, by mail or to a chat.

    Without `to` it is a line of the output of the command that ran the rule.

    Example:
        - notify: {text: '{title} is late', to: 'env:TEAM_CHAT'}
    """
    to = about.get("to") or ""
    text = deed.fill(about["text"], chat=bool(to))
    return deed.notify(to, text) if to else [text]


@action(
    "run",
    "command",
    outside=True,
    command=Option("words", "The program and its words; no shell reads them.", needed=True),
    env=Option("names", "Names of environment variables to pass on."),
    files=Option("paths", "The files and folders it uses; trust covers only these."),
    timeout=Option("seconds", "When it is ended: 30s without it, 600s at most."),
)
def run(deed: Deed, about: Given) -> list[str]:
    """Runs a command.

    It starts at the root of the workspace and gets the item as JSON on standard input.

    Example:
        - run: {command: [make, report], env: [TOKEN], files: [Makefile, tools], timeout: 60s}
    """
    names = about.get("env") or []
    seconds = float((about.get("timeout") or "30").rstrip("s"))
    return deed.run(about["command"], [names] if isinstance(names, str) else names, seconds)


@action(
    "webhook",
    "url",
    outside=True,
    url=Option("https", "An https address, or `env:NAME` from the environment.", needed=True),
    secret=Option(
        "plain",
        "The variable of the environment with which the message is signed (`X-Hub-Signature-256`).",
    ),
    text=Option("text", "A text that goes along."),
)
def webhook(deed: Deed, about: Given) -> list[str]:
    """Posts the item as JSON to an address.

    Example:
        - webhook: {url: 'env:HOOK', secret: HOOK_SECRET, text: '{title}: {why}'}
    """
    text = deed.fill(about.get("text") or "", chat=True)
    return deed.webhook(about["url"], about.get("secret") or "", text)


@action(
    "report",
    "name",
    name=Option("text", "The name of the report; `project ID` for one about an item.", needed=True),
    to=Option(
        "text",
        "The file of the workspace to write, ending in `.md`, `.html` or `.json`, outside of the"
        " folders of items. A file that is not a report is not overwritten.",
    ),
    since=Option("plain", "The first day that it is about, such as `-7d`."),
    notify=Option(
        "plain",
        "Where to send it as Markdown, as `to` of `notify`. It needs trust and the extra `notify`.",
        outside=True,
    ),
)
def report(deed: Deed, about: Given) -> list[str]:
    """Writes a report into a file, or sends it by mail or to a chat.

    With a time trigger it is a report by schedule: `plaintrack rules run` in CI, or the watcher,
    writes it. See reports.md.

    Example:
        - report: {name: weekly, to: docs/weekly.md}
    """
    name, since = deed.fill(about["name"]), about.get("since") or ""
    to, address = about.get("to") or "", about.get("notify") or ""
    if not (to or address):
        raise NowhereTo
    done = deed.report(name, deed.fill(to), since) if to else []
    if address:
        done = [*done, *deed.notify(address, deed.report_text(name, since))]
    return done


@action(
    "digest",
    "of",
    of=Option("person", "The person whose inbox it is.", needed=True),
    period=Option("period", "`day` (as it is without it) or `week`."),
    notify=Option(
        "plain",
        "Where to send it as Markdown, as `to` of `notify`. It needs trust and the extra `notify`.",
        needed=True,
        outside=True,
    ),
)
def digest(deed: Deed, about: Given) -> list[str]:
    """Sends what the inbox of a person has of the last day or week, read or not.

    Where there is nothing to tell, nothing is sent. On the terminal `plaintrack inbox --digest` has
    it.

    Example:
        - digest: {of: ana, period: week, notify: 'env:ANA_MAIL'}
    """
    text = deed.digest_text(about["of"], about.get("period") or "day")
    return deed.notify(about["notify"], text) if text else []


@action("commit")
def commit(deed: Deed, _about: Given) -> list[str]:
    """Commits what the command and its rules wrote.

    Example:
        - commit
    """
    deed.commit()
    return []


class Explained(NamedTuple):
    """An action in words: a sentence, what else to know, and an example."""

    title: str
    more: str
    example: str


def explained(kind: ActionKind) -> Explained:
    """The parts of an action's docstring."""
    from inspect import cleandoc

    prose, _, example = cleandoc(kind.text).partition("\n\nExample:\n")
    title, _, more = prose.partition("\n\n")
    return Explained(" ".join(title.split()), " ".join(more.split()), cleandoc(example))
