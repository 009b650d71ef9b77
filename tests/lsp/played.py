"""The transcript that every editor plays: what its user does, and what is seen.

`transcript.json` holds the steps; each editor has a driver (`test_transcript.py`), some of them a script in the editor's language.
"""

import json
from pathlib import Path

HERE = Path(__file__).parent
TRANSCRIPT = json.loads((HERE / "transcript.json").read_text("utf-8"))
OPEN = TRANSCRIPT["open"]


def laid(folder):
    """Write the files that the transcript starts from."""
    for path, text in TRANSCRIPT["start"].items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(text.encode())


def steps(without=()):
    """The steps; `without`: what an editor cannot do, such as `files` (rename them)."""
    return [each for each in TRANSCRIPT["steps"] if each.get("needs") not in without]


def held(folder, seen, without=()):
    """What an editor saw is what the transcript says, and so are the files it saved."""
    for step, found in zip(steps(without), seen, strict=True):
        for name, wanted in step["see"].items():
            if name == "says":
                assert wanted in found["says"], (step, found)
            elif name == "opens":
                assert Path(found["opens"]).resolve() == (folder / wanted).resolve(), (step, found)
            elif name != "at":
                assert (found[name] or []) == wanted, (step, found)
    saved, wanted = {}, {}
    for path, text in TRANSCRIPT["end"].items():
        if "files" in without:
            path, text = (each.replace("PT-zzzzzz", "PT-aaaaaa") for each in (path, text))
        saved[path], wanted[path] = (folder / path).read_bytes().decode(), text
    assert saved == wanted


def script(folder, without=()):
    """The transcript as a file for an editor's own script, with absolute paths."""
    plan = {"open": str(folder / OPEN), "root": str(folder), "steps": steps(without)}
    path = folder.parent / "transcript.json"
    path.write_text(json.dumps(plan), "utf-8")
    return path
