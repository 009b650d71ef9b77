"""doctor and renumber: what is broken is found, mended by span, and can be taken back."""

import json


def write(example, name, head, body="Text.\n"):
    path = example.folder / "tasks" / name
    path.write_text(f"---\n{head}\n---\n{body}", "utf-8")
    return path


def test_a_workspace_in_order_has_no_findings(example):
    assert example("doctor") == ""
    assert "nothing is wrong" in example.err


def test_yaml_slips_are_mended_and_nothing_else(example):
    slips = {
        "PT-aaaaaa-a.md": ("title: a: b", "title: 'a: b'"),
        "PT-bbbbbb-b.md": ("title: x\nassignee: @bob  ", "title: x\nassignee: '@bob'  "),
        "PT-cccccc-c.md": ("title: 'it's here'", "title: 'it''s here'"),
    }
    paths = {name: write(example, name, f"id: {name[:9]}\n{head} \n# a comment") for name, (head, _) in slips.items()}
    before = {name: path.read_bytes() for name, path in paths.items()}
    assert all(name in example("doctor", code=1) for name in slips)
    example("doctor", "--fix")
    for name, (head, mended) in slips.items():
        assert paths[name].read_bytes() == before[name].replace(head.encode(), mended.encode())
    assert example("doctor") == ""
    example("undo")
    assert {name: path.read_bytes() for name, path in paths.items()} == before


def test_beyond_mending_is_left_alone(example):
    path = write(example, "PT-dddddd-d.md", "id: PT-dddddd\ntags: [a, b")
    before = path.read_bytes()
    example("doctor", "--fix", code=1)
    assert path.read_bytes() == before


def test_duplicates_dangling_references_and_names(example):
    write(example, "PT-eeeeee-first.md", "id: PT-eeeeee\ntitle: First\ncreated: 2026-01-01")
    write(example, "copy.md", "id: PT-eeeeee\ntitle: Second\ncreated: 2026-02-01")
    write(example, "PT-ffffff-third.md", "id: PT-ffffff\ntitle: Third\ndepends_on:\n- eeeee\n- PT-gone42\nparent: PT-gone43")
    said = example("doctor", code=1)
    assert "is also that of tasks/PT-eeeeee-first.md" in said
    assert "there is no item PT-gone42" in said
    example("doctor", "--fix", code=1)
    third = json.loads(example("show", "PT-ffffff", "--format", "json"))["items"][0]
    assert third["depends_on"] == ["PT-eeeeee", "PT-gone42"]  # what leads to nothing here may be on another branch
    assert third["parent"] == "PT-gone43"
    assert json.loads(example("show", "PT-eeeeee", "--format", "json"))["items"][0]["title"] == "First"
    second = json.loads(example("list", "title:Second", "--format", "json"))["items"][0]
    assert second["path"].startswith(f"tasks/{second['id']}-")


def test_renumber_takes_the_references_along(example):
    before = json.loads(example("list", "depends_on:PT-4vdqk5", "--all", "--format", "json"))["items"]
    assert before
    example("renumber", "4vdqk5", "PT-new234")
    after = json.loads(example("list", "depends_on:PT-new234", "--all", "--format", "json"))["items"]
    assert [item["id"] for item in after] == [item["id"] for item in before]
    assert len(list((example.folder / "tasks/platform").glob("PT-new234-*"))) == 1
    assert example("doctor") == ""
    example("renumber", "PT-new234", "PT-xybp33", code=2)
    assert "taken" in example.err
    example("undo")
    assert example.git("status", "--porcelain") == ""


def test_renumber_by_path_tells_twins_apart(example):
    path = write(example, "twin.md", "id: PT-xybp33\ntitle: Twin")
    example("renumber", "xybp33", code=2)
    example("renumber", "tasks/twin.md", "PT-twin22")
    assert "id: PT-twin22" in path.read_text()
