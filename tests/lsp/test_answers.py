"""The answers of the server as clients that are not ours take them; places count UTF-16, or UTF-8 where the client asks for that."""

import pytest
from editor import converse
from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException

A, B = "tasks/PT-aaaaaa.md", "tasks/PT-bbbbbb.md"
TEXT = "---\r\nid: PT-bbbbbb\r\ntitle: Zwölf 😀\r\nparent: PT-aaaaaa\r\nstat\r\n---\r\n😀 see PT-aaaaaa and #rel\r\n"


def prepared(empty):
    empty("init", code=0)
    (empty.folder / A).write_text("---\nid: PT-aaaaaa\ntitle: Release\nstatus: todo\n---\n")
    (empty.folder / B).write_bytes(TEXT.encode())
    return empty


@pytest.mark.parametrize("client", ["visual_studio_code", "neovim@0.11"])
def test_reading(empty, client):
    prepared(empty)

    async def talk(editor):
        encoding = str(editor.server.position_encoding)
        wide = 4 if "8" in encoding else 2
        ask = editor.client
        editor.open(A)
        editor.open(B, TEXT)
        here = editor.here(B)
        # completion of a key, with CRLF
        found = await ask.text_document_completion_async(
            lsp.CompletionParams(here, lsp.Position(4, 4))
        )
        item = next(each for each in found.items if each.label == "status")
        assert item.text_edit.range == lsp.Range(lsp.Position(4, 0), lsp.Position(4, 4))
        # an id by its title, behind an emoji
        last = len(" see PT-aaaaaa and ") + wide
        found = await ask.text_document_completion_async(
            lsp.CompletionParams(here, lsp.Position(6, last + 4))
        )
        (item,) = found.items
        assert item.text_edit == lsp.TextEdit(
            lsp.Range(lsp.Position(6, last), lsp.Position(6, last + 4)), "PT-aaaaaa"
        )
        item = await ask.completion_item_resolve_async(item)
        assert "Release" in item.documentation.value
        # hover, definition, references, symbols, links
        at = lsp.Position(6, wide + 7)
        said = await ask.text_document_hover_async(lsp.HoverParams(here, at))
        assert said.range == lsp.Range(lsp.Position(6, wide + 5), lsp.Position(6, wide + 14))
        (spot,) = await ask.text_document_definition_async(lsp.DefinitionParams(here, at))
        assert (spot.uri, spot.range.start) == (editor.uri(A), lsp.Position(2, 7))
        found = await ask.text_document_references_async(
            lsp.ReferenceParams(lsp.ReferenceContext(False), here, at)
        )
        assert [(each.uri, each.range.start.line) for each in found] == [
            (editor.uri(B), 3),
            (editor.uri(B), 6),
        ]
        found = await ask.text_document_document_symbol_async(lsp.DocumentSymbolParams(here))
        assert [each.name for each in found] == ["id", "title", "parent"]
        found = await ask.text_document_document_link_async(lsp.DocumentLinkParams(here))
        assert {each.target for each in found} == {editor.uri(A)}
        found = await ask.workspace_symbol_async(lsp.WorkspaceSymbolParams("rele"))
        assert [each.name for each in found] == ["PT-aaaaaa Release"]

    converse(empty.folder, empty.env, talk, client)


def test_changing_and_looks(empty):
    prepared(empty)

    async def talk(editor):
        ask = editor.client
        editor.open(A)
        editor.open(B, TEXT)
        here = editor.here(B)
        await editor.until(lambda: editor.uri(B) in ask.diagnostics)
        # rename: one edit of both files, and the file's new name
        at = lsp.Position(3, 10)
        found = await ask.text_document_prepare_rename_async(lsp.PrepareRenameParams(here, at))
        assert found.placeholder == "PT-aaaaaa"
        edit = await ask.text_document_rename_async(lsp.RenameParams(here, at, "PT-zzzzzz"))
        texts = {
            each.text_document.uri: each
            for each in edit.document_changes
            if isinstance(each, lsp.TextDocumentEdit)
        }
        assert {uri: each.text_document.version for uri, each in texts.items()} == {
            editor.uri(A): 1,
            editor.uri(B): 1,
        }
        assert [
            (each.range.start.line, each.range.start.character)
            for each in texts[editor.uri(B)].edits
        ] == [(3, 11), (6, 10)]
        (file,) = (each for each in edit.document_changes if isinstance(each, lsp.RenameFile))
        assert (file.old_uri, file.new_uri) == (editor.uri(A), editor.uri("tasks/PT-zzzzzz.md"))
        with pytest.raises(JsonRpcException, match="already exists"):
            await ask.text_document_rename_async(lsp.RenameParams(here, at, "PT-bbbbbb"))
        # a file that is moved in the editor
        files = [lsp.FileRename(editor.uri(A), editor.uri("tasks/web/PT-aaaaaa.md"))]
        edit = await ask.workspace_will_rename_files_async(lsp.RenameFilesParams(files))
        assert not edit.document_changes
        # an action; its edit comes when it is chosen
        where = lsp.Range(lsp.Position(2, 0), lsp.Position(2, 0))
        some = await ask.text_document_code_action_async(
            lsp.CodeActionParams(editor.here(A), where, lsp.CodeActionContext([]))
        )
        action = next(each for each in some if each.title == "Done")
        assert action.edit is None
        action = await ask.code_action_resolve_async(action)
        (change,) = action.edit.document_changes
        (edit,) = change.edits
        assert edit.new_text.startswith("done\nclosed: 2026-11-23")
        assert edit.range == lsp.Range(lsp.Position(3, 8), lsp.Position(3, 12))
        # what stands beside the text, and how it looks
        text = TEXT.replace("\r", "").replace("stat\n", "due: 2026-12-01\n")
        editor.replace(B, text)
        whole = lsp.Range(lsp.Position(0, 0), lsp.Position(99, 0))
        found = await ask.text_document_inlay_hint_async(lsp.InlayHintParams(here, whole))
        assert (lsp.Position(4, 15), "Tue, in 8 days (6 working days)") in [
            (each.position, each.label) for each in found
        ]
        assert (lsp.Position(6, 16), "Release") in [(each.position, each.label) for each in found]
        found = await ask.text_document_semantic_tokens_full_async(lsp.SemanticTokensParams(here))
        assert list(found.data)[:10] == [1, 0, 2, 0, 0, 0, 4, 9, 1, 0]
        found = await ask.text_document_folding_range_async(lsp.FoldingRangeParams(here))
        assert [(each.start_line, each.end_line) for each in found] == [(0, 5)]
        await ask.text_document_code_lens_async(lsp.CodeLensParams(here))
        editor.type(B, (4, 5), (4, 15), "fri")
        options = lsp.FormattingOptions(2, True)
        (edit,) = await ask.text_document_formatting_async(
            lsp.DocumentFormattingParams(here, options)
        )
        assert edit == lsp.TextEdit(lsp.Range(lsp.Position(4, 5), lsp.Position(4, 8)), "2026-11-27")

    converse(empty.folder, empty.env, talk)


def test_folders_with_blanks_below_the_top_of_a_worktree(empty):
    """The workspace lies in a folder with blanks and dots, below the top of a linked worktree."""
    empty.git("commit", "-q", "--allow-empty", "-m", "start")
    tree = empty.folder.parent / "other tree.git"
    empty.git("worktree", "add", "-q", "-b", "work", str(tree))
    folder = tree / "our work.d/plan #1"
    folder.mkdir(parents=True)
    (folder / "plaintrack.yml").write_text("folders: ['t asks']\n")
    (folder / "t asks").mkdir()
    (folder / "t asks/a b.md").write_text("---\nid: PT-aaaaaa\ntitle: One\n---\n")
    (folder / "t asks/c.md").write_text(
        "---\nid: PT-bbbbbb\nparent: PT-aaaaaa\nstatus: x\n---\n[one](a%20b.md)\n"
    )

    async def talk(editor):
        editor.open("t asks/c.md")
        await editor.until(lambda: ("PT108", 3) in editor.told("t asks/c.md"))
        here = editor.here("t asks/c.md")
        (spot,) = await editor.client.text_document_definition_async(
            lsp.DefinitionParams(here, lsp.Position(2, 10))
        )
        assert spot.uri == editor.uri("t asks/a b.md")
        links = await editor.client.text_document_document_link_async(lsp.DocumentLinkParams(here))
        assert [each.target for each in links] == [spot.uri, spot.uri]

    converse(folder, empty.env, talk)
