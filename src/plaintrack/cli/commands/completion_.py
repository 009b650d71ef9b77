"""``plaintrack completion``: the script that teaches a shell."""

import click

from plaintrack.cli.output import out


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> int:
    """Print the completion script for a SHELL: commands, fields, values and ids.

    \b
    bash:  eval "$(plaintrack completion bash)"     in ~/.bashrc
    zsh:   eval "$(plaintrack completion zsh)"      in ~/.zshrc
    fish:  plaintrack completion fish > ~/.config/fish/completions/plaintrack.fish
    """
    from click.shell_completion import get_completion_class

    from plaintrack.cli.bash import register
    from plaintrack.cli.main import plaintrack

    register()
    made = get_completion_class(shell)
    assert made is not None
    for name in ("plaintrack", "pt"):
        out(made(plaintrack, {}, name, f"_{name.upper()}_COMPLETE").source())
    return 0
