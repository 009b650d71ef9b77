"""Property: what bash completes is quoted for the query language and for the shell, and means the value that was offered."""

import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plaintrack.cli.bash import replies, words
from plaintrack.query.written import continued, value_of, written

VALUES = [
    *(
        "two words",
        "it's",
        'say "hi"',
        "$(touch canary)",
        "`touch canary`",
        "a;touch canary",
        "a*b",
        "*",
        "#one",
        "hi!there",
        "!",
        "back\\slash",
    ),
    *(
        "end\\",
        "a:b",
        "a=b",
        "a,b",
        "-x",
        "größe",
        "日本 語",
        "or",
        "me",
        "a..b",
        "/re/",
        ">5",
        "no:due",
        "(a)",
        "{a,b}",
        "~",
        "x\ny",
        "\x1b[31m",
        "a&b|c",
    ),
    *(
        "<in",
        "'",
        '"',
        "'$(touch canary)'",
        "..",
        "50%",
        "\u202eabc",
        "a\tb",
        "$HOME",
        "${HOME}",
        "tags:x",
        " lead",
        "!!",
    ),
]
texts = st.text(st.sampled_from("ab $`\"'\\;*#!:=,-()<>&|~{}?[]/.ä\n\x1b"), min_size=1, max_size=8)


@given(texts)
def test_a_written_value_is_read_as_it_was(value):
    assert value_of(f"tags:{written(value)}") == value


@given(texts, st.integers(0, 8), st.sampled_from(["", "one,", '"a, b",']))
def test_a_term_that_is_begun_goes_on_to_mean_the_value(value, length, kept):
    begun = value[:length]
    for term in (
        f"tags:{kept}{begun}",
        f"tags:{kept}{written(begun)[:-1]}" if written(begun).startswith('"') else "tags:",
    ):
        found = continued(term, value)
        assert not found or value_of(found) == value


def started(word, quote):
    """Lines that a user could have typed of a word."""
    yield from (
        {
            "": [word],
            "'": [f"'{word}"],
            '"': [f'"{word}', word.replace(":", ':"').replace("=", '="')],
        }
    )[quote]


def cases():
    """Each awkward value in each place, with each quote open: (line, what stands at its end for readline, the word that is wanted)."""
    for value in VALUES:
        for lead, wanted in (
            ("tags:", f"tags:{written(value)}"),
            ("tags=", f"tags={value}"),
            ("", value),
        ):
            for quote in ("", "'", '"'):
                for typed in started(lead, quote):
                    line = f"plaintrack {typed}"
                    for current in {typed, ""}:
                        yield line, current, wanted


def test_the_line_means_the_value_and_runs_nothing(tmp_path):
    told, script = [], []
    for line, current, wanted in cases():
        for reply in replies(line, current, [wanted]):
            told.append(wanted)
            script.append(line[: len(line) - len(current)] + reply)
    assert len(told) > 200
    got = subprocess.run(
        [
            "bash",
            "-c",
            'plaintrack() { printf \'%s\\0\' "$#" "$1"; }\nwhile IFS= read -r line; do eval "$line"; done',
        ],
        input="\n".join(script) + "\n",
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
    )
    assert not got.stderr
    assert got.stdout.split("\0")[:-1] == [each for wanted in told for each in ("1", wanted)]
    assert not list(tmp_path.iterdir())


@given(texts.filter(str.isprintable), st.sampled_from(["", "'", '"']))
def test_a_word_is_read_as_it_was_written(value, quote):
    line = f"plaintrack {quote}"
    (reply,) = replies(line, "", [value])
    assert words(line + reply)[-1].text == value


def typed_in_bash(shell, keys):
    """What an interactive bash shows for these keys."""
    child, terminal = pty.fork()
    if child == 0:
        path = f"{Path(sys.executable).parent}:{shell.env['PATH']}"
        os.chdir(shell.folder)
        os.execvpe(
            "bash",
            ["bash", "--norc", "--noprofile", "-i"],
            {**shell.env, "PATH": path, "TERM": "dumb", "PS1": "$ ", "LC_ALL": "C.UTF-8"},
        )

    def until(mark, seconds=20.0):
        shown, end = b"", time.monotonic() + seconds
        while mark not in shown and time.monotonic() < end:
            if select.select([terminal], [], [], 0.1)[0]:
                try:
                    shown += os.read(terminal, 65536)
                except OSError:
                    break
        return shown

    os.write(
        terminal,
        b'bind "set enable-bracketed-paste off"; before=$COMP_WORDBREAKS; eval "$(plaintrack completion bash)"; echo READY$((1))\n',
    )
    until(b"READY1")
    answers = []
    for number, each in enumerate(keys, 2):
        os.write(terminal, each.encode() + b"\t")
        time.sleep(1.2)
        os.write(terminal, f" --format ids; echo DONE$(({number})) $(( 1 + 1 ))\n".encode())
        answers.append(until(f"DONE{number} 2".encode()).decode(errors="replace"))
    os.write(terminal, b'[ "$before" = "$COMP_WORDBREAKS" ] && echo SAME$((1))\n')
    answers.append(until(b"SAME1", 5).decode(errors="replace"))
    os.write(terminal, b"\x03exit\n")
    until(b"never", 1)
    os.close(terminal)
    os.waitpid(child, 0)
    return answers


@pytest.mark.slow
def test_a_hostile_tag_is_completed_in_a_real_bash(empty):
    empty("init")
    tags = ["$(touch canary)", "two words", "it's", "bang!bang", "or:and=x"]
    for number, tag in enumerate(tags, 1):
        text = f'---\nid: T-{number}\ntitle: T\ntags: ["{tag}"]\n---\n'
        (empty.folder / "tasks" / f"T-{number}-x.md").write_text(text)
    lines = [
        "plaintrack list tags:$",
        "plaintrack list tags:t",
        "plaintrack list 'tags:i",
        'plaintrack list "tags:b',
        'plaintrack list tags:"or',
    ]
    *answers, same = typed_in_bash(
        empty, [line if "$" not in line else "plaintrack list 'tags:$" for line in lines]
    )
    for number, answer in enumerate(answers, 1):
        assert f"\nT-{number}\r" in answer, answer
    assert "SAME1" in same
    assert not (empty.folder / "canary").exists()
