"""A folder of someone else in an editor: it shows its own text, and nothing of it runs."""

import json
import re
import subprocess
import sys
from pathlib import Path

from conftest import ROOT
from editor import converse
from lsprotocol import types as lsp

CANARY = "import pathlib\npathlib.Path({!r}).write_text('ran')\n"
VSCODE = ROOT / "editors/vscode"


def test_nothing_of_the_folder_runs_and_links_stay_inside(empty):
    empty("init", code=0)
    canary = empty.folder.parent / "canary"
    for name in (
        "plaintrack/__init__.py",
        "json/__init__.py",
        "pygls.py",
        "sitecustomize.py",
        "click.py",
    ):
        path = empty.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(CANARY.format(str(canary)))
    settings = (empty.folder / "plaintrack.yml").read_text()
    (empty.folder / "plaintrack.yml").write_text(settings + "\nplan: {estimate: 1d}\n")
    (empty.folder / "automations").mkdir()
    (empty.folder / "automations/evil.yml").write_text(
        f"name: evil\non: changed\ndo:\n- run: [touch, {canary}]\n"
    )
    text = (
        "---\nid: PT-aaaaaa\ntitle: A [b](command:x)\nstatus: todo\nassignee: ana\nestimate: 3d\ndue: 2026-11-24\n---\n"
        "[x](command:evil) [y](file:///etc/passwd) [z](../../../etc/passwd)\n"
    )
    (empty.folder / "tasks").mkdir(exist_ok=True)
    (empty.folder / "tasks/PT-aaaaaa.md").write_text(text)

    async def talk(editor):
        editor.open("tasks/PT-aaaaaa.md")
        # the plan is computed by a process of its own: it runs in the folder, and imports nothing of it
        await editor.until(lambda: ("PT621", 6) in editor.told("tasks/PT-aaaaaa.md"))
        here = editor.here("tasks/PT-aaaaaa.md")
        links = await editor.client.text_document_document_link_async(lsp.DocumentLinkParams(here))
        assert not links
        editor.save("tasks/PT-aaaaaa.md", text.replace("todo", "done"))
        await editor.until(lambda: editor.told("tasks/PT-aaaaaa.md") == [])

    program = [str(Path(sys.executable).parent / "plaintrack"), "lsp"]
    converse(empty.folder, empty.env, talk, program=program, cwd=empty.folder)
    assert not canary.exists()
    assert not list((empty.folder / "tasks").glob("*~"))


LURES = [
    "[a](command:evil)",
    "[b](javascript:evil)",
    "[c](file:///etc/passwd)",
    "[d](FILE:/etc/passwd)",
    "[e](//evil.example/x)",
    "[f](%2e%2e/%2e%2e/etc/passwd)",
    "[g](link.md)",
    "[h](folder/secret.md)",
    "[i](vscode://evil)",
    "[j](https:evil)",
    "[k](http://evil.example)",
    "[l](data:text/html,evil)",
    "[ok](PT-bbbbbb.md)",
    "https://fine.example/x",
]


def test_what_is_shown_leads_nowhere_else(empty, tmp_path):
    """Links, hovers and completion over items whose every text is a lure, and over symbolic links."""
    empty("init", code=0)
    secret = tmp_path / "outside"
    secret.mkdir()
    (secret / "secret.md").write_text("---\nid: PT-secret\ntitle: Secret\nstatus: todo\n---\n")
    tasks = empty.folder / "tasks"
    (tasks / "link.md").symlink_to(secret / "secret.md")
    (tasks / "folder").symlink_to(secret)
    lure = "[x](command:evil) ![](https://evil.example/x.png) <img src=x onerror=evil> `a` $(evil)"
    (tasks / "PT-bbbbbb.md").write_text(
        f"---\nid: PT-bbbbbb\ntitle: '{lure}'\nassignee: '{lure}'\nstatus: todo\n---\n{lure}\n```\n{lure}\n"
    )
    text = (
        "---\nid: PT-aaaaaa\ntitle: A\nparent: PT-bbbbbb\nstatus: '[x](command:evil)'\n---\n"
        + "\n".join(LURES)
        + "\n#[x]\n"
    )

    async def talk(editor):
        path = "tasks/PT-aaaaaa.md"
        editor.open(path, text)
        await editor.until(lambda: editor.told(path))
        here, ask = editor.here(path), editor.client
        links = await ask.text_document_document_link_async(lsp.DocumentLinkParams(here))
        inside = editor.uri("tasks/PT-bbbbbb.md")
        assert sorted(each.target for each in links) == [inside, inside, "https://fine.example/x"]
        said = [
            await ask.text_document_hover_async(lsp.HoverParams(here, place))
            for place in (lsp.Position(3, 10), lsp.Position(4, 12))
        ]
        found = await ask.text_document_completion_async(
            lsp.CompletionParams(here, lsp.Position(6 + len(LURES), 4))
        )
        (item,) = found.items
        texts = [each.contents.value for each in said]
        texts.append((await ask.completion_item_resolve_async(item)).documentation.value)
        for each in texts:
            assert "](command:" not in prose(each)
            assert "<img" not in prose(each)
            assert "![" not in prose(each)
        symbols = await ask.workspace_symbol_async(lsp.WorkspaceSymbolParams("secret"))
        assert not symbols

    converse(empty.folder, empty.env, talk)


def prose(markdown):
    """Markdown without its blocks of code, which no editor obeys, and without what is escaped."""
    outside = "".join(markdown.split("```")[::2])
    return re.sub(r"\\.", "", outside)


def test_the_extension_takes_its_program_from_the_machine_alone():
    given = json.loads((VSCODE / "package.json").read_text("utf-8"))
    properties = given["contributes"]["configuration"]["properties"]
    server = {
        name: each["scope"]
        for name, each in properties.items()
        if ".server." in name and "trace" not in name
    }
    assert server == {
        "plaintrack.server.path": "machine",
        "plaintrack.server.environment": "machine",
    }
    untrusted = given["capabilities"]["untrustedWorkspaces"]
    assert untrusted["supported"] == "limited"
    assert set(untrusted["restrictedConfigurations"]) == set(server)
    writes = {
        each["command"]
        for each in given["contributes"]["commands"]
        if each.get("enablement") == "isWorkspaceTrusted"
    }
    assert writes == {f"plaintrack.{name}" for name in ("add", "startTimer", "stopTimer", "undo")}
    code = (VSCODE / "extension.js").read_text("utf-8")
    assert "workspaceValue" not in code
    assert "workspaceFolderValue" not in code
    for word in ("http://", "https://", "fetch(", ".venv", "telemetry", "eval("):
        assert word not in code.replace("plaintrack.server", ""), word
    versions = {**given["dependencies"], **given["devDependencies"]}
    assert all(each[0].isdigit() for each in versions.values())


def test_a_client_that_vanishes_takes_the_server_along(empty):
    empty("init", code=0)
    command = [sys.executable, "-m", "plaintrack", "lsp"]
    junk = b"Content-Length: 5\r\n\r\nhello" + b"Content-Length: 99999999999\r\n\r\n{"
    run = subprocess.run(
        command, cwd="/", env=empty.env, input=junk, capture_output=True, timeout=30, check=False
    )
    assert b"Traceback" not in run.stdout
