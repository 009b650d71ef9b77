"""Types at a command on a terminal, as a person would."""

import os
import pty
import select
import sys


def terminal(shell, words, lines):
    """Run a command on a terminal, and type the lines, each after a prompt."""
    pid, fd = pty.fork()
    if pid == 0:
        os.chdir(shell.folder)
        os.execve(sys.executable, [sys.executable, "-m", "plaintrack", *words], shell.env)
    said = b""
    waiting = [f"{line}\n".encode() for line in lines]
    while select.select([fd], [], [], 20)[0]:
        try:
            piece = os.read(fd, 4096)
        except OSError:
            break
        if not piece:
            break
        said += piece
        if said.endswith(b"> ") and waiting:
            os.write(fd, waiting.pop(0))
    os.close(fd)
    os.waitpid(pid, 0)
    return said.decode()
