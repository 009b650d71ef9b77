"""Starts the command line as processes of its own, forked from one that has loaded it: a tenth of the price of a new interpreter.

`Forks` is the side of the tests. What starts an interpreter for itself (hooks, git's merge driver, the tests of start-up) still does.
"""

import contextlib
import gc
import io
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import traceback

LOADED = (
    "plaintrack.cli.main", "plaintrack.cli.output", "plaintrack.cli.options", "plaintrack.store.index.update", "plaintrack.store.repo",
    "plaintrack.text.parse", "plaintrack.text.edit", "plaintrack.app.write.writer", "plaintrack.app.snapshot.answers", "plaintrack.config.settings",
    "yaml", "subprocess", "tempfile", "zoneinfo", "json", "hashlib", "difflib",
)  # fmt: skip


class Forks:
    """A process that has loaded the command line and forks for each call."""

    def __init__(self):
        self.folder = tempfile.mkdtemp()
        self.address = os.path.join(self.folder, "calls")
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(self.address)
        listener.listen(64)
        end, self.alive = os.pipe()  # the server ends when nobody holds the other end any more
        environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("GIT_", "PLAINTRACK", "COV_"))
        }
        handles = (listener.fileno(), end)
        start = [
            "sh",
            "-c",
            '"$@" &',
            "sh",
            sys.executable,
            __file__,
            *map(str, handles),
        ]  # by a shell: tests ask for their own children
        subprocess.run(start, pass_fds=handles, env=environment, cwd=self.folder, check=True)
        os.close(end)
        listener.close()

    def run(self, args, cwd, env, given):
        """How ``python -m plaintrack ARGS`` ends, as ``subprocess.run`` would tell."""
        with contextlib.ExitStack() as stack:
            streams = [stack.enter_context(tempfile.TemporaryFile()) for _ in range(2)]
            stdin = stack.enter_context(tempfile.TemporaryFile())
            stdin.write(given)
            stdin.seek(0)
            call = stack.enter_context(socket.socket(socket.AF_UNIX))
            call.connect(self.address)
            request = json.dumps({"args": args, "cwd": os.fspath(cwd), "env": env}).encode()
            socket.send_fds(
                call,
                [len(request).to_bytes(8, "big")],
                [stdin.fileno(), *(each.fileno() for each in streams)],
            )
            call.sendall(request)
            status = call.makefile("rb").read()
            for each in streams:
                each.seek(0)
            out, err = (each.read() for each in streams)
        return subprocess.CompletedProcess(args, os.waitstatus_to_exitcode(int(status)), out, err)


def _serve(listener, alive):
    """Fork for every call, until the tests are gone."""
    import importlib
    import select
    import signal

    for name in LOADED:
        importlib.import_module(name)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    gc.collect()
    gc.freeze()
    while True:
        ready, _, _ = select.select([listener, alive], [], [])
        if alive in ready:
            shutil.rmtree(os.getcwd(), ignore_errors=True)
            return
        call, _ = listener.accept()
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            listener.close()
            os.close(alive)
            _answer(call)
        call.close()


def _answer(call):
    head, handles, _, _ = socket.recv_fds(call, 8, 3)
    size = int.from_bytes(head, "big")
    request = b""
    while len(request) < size:
        request += call.recv(size - len(request))
    child = os.fork()
    if child == 0:
        call.close()
        _become(json.loads(request), handles)
    _, status = os.waitpid(child, 0)
    call.sendall(b"%d" % status)
    os._exit(0)


def _become(request, handles):
    """Be the process that was asked for."""
    for number, handle in enumerate(handles):
        os.dup2(handle, number)
        os.close(handle)
    os.chdir(request["cwd"])
    os.environ.clear()
    os.environ.update(request["env"])
    time.tzset()
    sys.path[0] = request["cwd"]
    sys.stdin = io.TextIOWrapper(
        os.fdopen(0, "rb", closefd=False), encoding="utf-8", errors="strict"
    )
    sys.stdout = io.TextIOWrapper(
        os.fdopen(1, "wb", closefd=False), encoding="utf-8", errors="strict"
    )
    sys.stderr = io.TextIOWrapper(
        os.fdopen(2, "wb", closefd=False),
        encoding="utf-8",
        errors="backslashreplace",
        line_buffering=True,
    )
    sys.argv = ["plaintrack", *request["args"]]
    from plaintrack.__main__ import main

    if "TELL_CLASS" in os.environ:
        _tell_class()

    try:
        main()
    except SystemExit as end:
        code = end.code
    except BaseException:
        traceback.print_exc()
        code = 1
    else:
        code = 0
    sys.stdout.flush()
    os._exit(code if isinstance(code, int) else 1)


def _tell_class():
    """Let the command line say which class of error ends it, on a line of its own."""
    import click

    from plaintrack.errors import PlaintrackError

    plain = click.Group.main

    def told(*args, **given):
        try:
            return plain(*args, **given)
        except PlaintrackError as error:
            print(f"class: {type(error).__name__}", file=sys.stderr)
            raise

    click.Group.main = told


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])), int(sys.argv[2]))
