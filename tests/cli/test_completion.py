"""Completion in a real bash: ids, fields, values and query terms."""

import subprocess
import sys
from pathlib import Path


def complete(shell, line):
    """What bash would offer at the end of ``line``."""
    script = f"""
eval "$(plaintrack completion bash)"
COMP_LINE={line!r}
read -ra COMP_WORDS <<< "$COMP_LINE"
[[ $COMP_LINE == *' ' ]] && COMP_WORDS+=('')
COMP_CWORD=$(( ${{#COMP_WORDS[@]}} - 1 ))
COMP_POINT=${{#COMP_LINE}}
_plaintrack_completion plaintrack "${{COMP_WORDS[COMP_CWORD]}}" ''
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
    path = f"{Path(sys.executable).parent}:{shell.env['PATH']}"
    run = subprocess.run(
        ["bash", "-c", script],
        cwd=shell.folder,
        env={**shell.env, "PATH": path},
        capture_output=True,
        text=True,
        check=True,
    )
    return run.stdout.split()


def test_bash_completes_commands_ids_fields_and_values(example):
    assert "start" in complete(example, "plaintrack sta")
    assert complete(example, "plaintrack show PT-xyb") == ["PT-xybp33"]
    assert complete(example, "plaintrack set xybp33 prior") == ["priority="]
    assert "priority=high" in complete(example, "plaintrack set xybp33 priority=")
    assert complete(example, "plaintrack list status:rev") == ["status:review"]
    assert complete(example, "plaintrack add x priority:hi") == ["priority:high"]
    assert "+security" in complete(example, "plaintrack add x +se")
    assert complete(example, "plaintrack set xybp33 @jon") == ["@jonas"]
    assert complete(example, "plaintrack comment xybp33 See @on") == ["@on-site"]
    assert "this-week" in complete(example, "plaintrack list --view ")


def test_items_are_found_by_words_of_their_titles(example):
    titles = {
        row.split(" ", 1)[1].strip(): row.split()[0]
        for row in example("list", "--columns", "id,title").splitlines()[1:]
    }
    item = titles["Enclosure: ten IP67 samples"]
    assert complete(example, "plaintrack start enclo") == [item]
    assert complete(example, "plaintrack set IP67") == [item]
    assert complete(example, "plaintrack start gatew") == []  # several: what they share says less
    assert complete(example, "plaintrack set xybp33 prior") == ["priority="]


def test_completion_outside_a_workspace_is_silent(empty):
    assert complete(empty, "plaintrack show PT") == []


def test_rules_recipes_and_actions_are_completed(example):
    assert complete(example, "plaintrack rules add close-p") == ["close-parent"]
    assert complete(example, "plaintrack rules test close-p") == ["close-parent"]
    assert "close-parent" in example("rules", "list")
    assert "→ set" in example("rules", "list")
    assert complete(example, "plaintrack explain webh") == ["webhook"]
    assert "X-Hub-Signature-256" in example("explain", "webhook")
