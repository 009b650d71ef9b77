"""Text of items in channels that obey: build servers' logs, spreadsheets, Markdown, chats, webhooks' addresses."""

import json
import re

import pytest

from plaintrack.cli import output
from plaintrack.render.markdown import escape
from plaintrack.rules.actions import MENTION
from plaintrack.store import webhook

RUNNER = re.compile(r"^\s*::|##\w*\[", re.MULTILINE)
HOSTILE = [
    "::set-env name=PATH::x", "::stop-commands::x", "  ::error::x", "##vso[task.setvariable]x", "a ##[command]x", "##teamcity[x]",
    "=cmd|' /C calc'!A0", "+1+1", "@SUM(1)", "-2+3", "@everyone", "<!channel>", "<@U123>", "#12", "fixes #12", "[x](javascript:y)",
    "<img src=x>", "`code`", "a | b", "https://x.example/", "GH-12", "$(touch x)", "**bold**", "![x](y)",
]  # fmt: skip


@pytest.fixture
def hostile(empty):
    """A workspace whose titles, tags and bodies are all of the above."""
    empty("init")
    for number, text in enumerate(HOSTILE):
        fields = f"id: PT-a{number}\ntitle: {json.dumps(text)}\ntags: [{json.dumps(text)}]\nstatus: todo\n"
        (empty.folder / f"tasks/PT-a{number}.md").write_text(f"---\n{fields}---\n{text}\n")
    return empty


@pytest.mark.parametrize("runner", ["GITHUB_ACTIONS", "TF_BUILD"])
def test_no_build_server_sees_a_command(hostile, runner):
    for words in (
        ["list", "--columns", "title", "--format", "table"], ["list", "--columns", "title", "--format", "tsv"], ["list", "--format", "json"],
        ["show", *(f"PT-a{number}" for number in range(len(HOSTILE)))], ["stats", "--by", "tags"], ["check", "--output", "json"],
    ):  # fmt: skip
        found = hostile(*words, **{"CI": "", runner: "true"})
        assert not RUNNER.search(found + hostile.err), words
    found = json.loads(hostile("list", "--format", "json", **{runner: "true"}))["items"]
    assert {each["title"] for each in found} == set(HOSTILE)  # JSON stays exact


def test_what_the_server_is_to_obey_and_what_no_server_reads_stay(monkeypatch, capsys):
    for name in output.RUNNERS:
        monkeypatch.delenv(name, raising=False)
    output.out("::error::x")
    monkeypatch.setenv("CI", "true")
    output.out("::error::x", True)
    output.out("a::b # c")
    output.note("::error::x")
    found = capsys.readouterr()
    assert found.out == "::error::x\n::error::x\na::b # c\n"
    assert found.err == ":\u200c:error::x\n"


def test_spreadsheets_and_markdown_show_just_the_text(hostile):
    for form, cut in (("csv", None), ("tsv", "\t")):
        lines = hostile("list", "--format", form, "--columns", "title").splitlines()[1:]
        assert len(lines) == len(HOSTILE)
        assert not any(
            line.split(cut or "\0")[0].strip('"')[:1] in ("=", "+", "-", "@") for line in lines
        )
    rows = hostile("list", "--format", "markdown", "--columns", "title").splitlines()[2:]
    assert set(rows) == {f"| {escape(each)} |" for each in HOSTILE}
    assert not re.search(r"(?<!\\)[<`*\[]|@\w|#\d|\w://", "".join(rows))


@pytest.mark.parametrize(
    "text", ["@everyone", "hi @channel", "<!here>", "<@U12>", "<#C1>", "(@ann)"]
)
def test_a_chat_sees_no_mention(text):
    assert not re.search(r"(?<!\w)@\w|<[!@#]", MENTION.sub("\\g<0>\u200c", text))
    assert MENTION.sub("x", "ann@x.example, a < b") == "ann@x.example, a < b"


WRAPPED = [
    "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::a00:1", "2002:7f00:1::", "2002:a00:1::1", "2001:0:4136:e378:8000:63bf:80ff:fffe", "fec0::1",
    "::127.0.0.1", "::10.0.0.1", "::ffff:10.0.0.1", "::ffff:0:127.0.0.1", "::", "100::1", "2001:db8::1", "3fff::1", "5f00::1", "fd00:ec2::254",
    "198.18.0.1", "192.0.2.1", "240.0.0.1", "255.255.255.255", "0.1.2.3", "192.0.0.8", "192.88.99.1",
]  # fmt: skip


def test_addresses_that_wrap_others_are_not_public():
    assert [each for each in WRAPPED if webhook.public(each)] == []
    public = [
        "93.184.216.34",
        "::ffff:93.184.216.34",
        "2606:2800:220:1:248:1893:25c8:1946",
        "2a00:1450:4001::1",
    ]
    assert [each for each in public if not webhook.public(each)] == []


def test_the_log_does_not_tell_tokens(monkeypatch):
    from plaintrack.app.automation import trust
    from plaintrack.store import notify

    monkeypatch.setattr(notify, "send", lambda *_: None)
    monkeypatch.setattr(trust, "_demand", lambda *_: None)
    for where in (
        "slack://tokenA/tokenB",
        "mailto://user:pass@x.example",
        "tgram://1234:secret/5\n6",
    ):
        (told,) = trust.notification(None, None, where, "t", "text")
        assert told == f"notified {where.partition('://')[0]}://…: text"
