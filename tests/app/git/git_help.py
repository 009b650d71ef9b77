"""What the tests of git share."""


def commit(shell, message, when="", author=""):
    """Commit everything, at a time, by somebody; the hash."""
    env = {"GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when} if when else {}
    shell.env.update(env)
    try:
        shell.git("add", "-A")
        shell.git(
            "commit",
            "-q",
            "--allow-empty",
            "-m",
            message,
            *([f"--author={author}"] if author else []),
        )
    finally:
        for name in env:
            del shell.env[name]
    return shell.git("rev-parse", "HEAD").strip()


def change(shell, path, *pairs):
    """Replace texts in a file, as an editor does."""
    place = shell.folder / path
    text = place.read_bytes().decode()
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    place.write_bytes(text.encode())
