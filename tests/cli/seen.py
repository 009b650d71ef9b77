"""What plaintrack writes to a real terminal."""

import fcntl
import os
import pty
import re
import struct
import termios

from conftest import forks

SGR = re.compile(r"\x1b\[[0-9;]*m")


class Terminal:
    """Runs plaintrack in a real pseudo-terminal of a given size."""

    def __init__(self, shell, columns, rows=500):
        self.shell, self.size = shell, (rows, columns)

    def __call__(self, *args, code=0, **env):
        given = {
            name: value
            for name, value in self.shell.env.items()
            if name not in ("COLUMNS", "LINES", "NO_COLOR", "PAGER")
        }
        outer, inner = pty.openpty()
        fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", *self.size, 0, 0))
        environment = {"TERM": "xterm", **given, **env}
        ended = forks().begin(args, self.shell.folder, environment, [inner, inner, inner])
        os.close(inner)
        found = b""
        try:
            while part := os.read(outer, 65536):
                found += part
        except OSError:  # the other end was closed
            pass
        os.close(outer)
        assert ended() == code, found
        return found.decode().replace("\r\n", "\n")
