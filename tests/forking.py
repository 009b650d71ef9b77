"""Starts the command line as processes of its own, forked from one that has loaded it: a tenth of the price of a new interpreter.

`Forks` is the side of the tests. What starts an interpreter for itself (hooks, git's merge driver, the tests of start-up) still does.
"""

import contextlib
import gc
import importlib
import io
import json
import os
import pkgutil
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import traceback

# what commands import inside functions, of other libraries
OTHERS = (
    "click.shell_completion", "cronsim", "csv", "dateutil.rrule", "difflib", "fcntl", "hashlib", "hmac", "html", "inspect", "json",
    "markdown_it", "secrets", "shlex", "shutil", "signal", "sqlite3", "subprocess", "tempfile", "textwrap", "unicodedata",
    "urllib.parse", "wcwidth", "yaml", "zoneinfo",
)  # fmt: skip
# what has a process of its own anyway, and costs more to load than it saves
APART = ("plaintrack.__main__", "plaintrack.lsp")


def loaded():
    """The modules that the server loads: all of the command line, and what they import inside functions."""
    import plaintrack

    every = pkgutil.walk_packages(plaintrack.__path__, "plaintrack.")
    ours = [module.name for module in every if not module.name.startswith(APART)]
    return [*ours, *OTHERS]


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
            code = self.begin(args, cwd, env, [stdin, *streams])()
            for each in streams:
                each.seek(0)
            out, err = (each.read() for each in streams)
        return subprocess.CompletedProcess(args, code, out, err)

    def begin(self, args, cwd, env, streams):
        """Begin a call on three files or handles; what it gives back waits for the exit code."""
        call = socket.socket(socket.AF_UNIX)
        call.connect(self.address)
        request = json.dumps({"args": args, "cwd": os.fspath(cwd), "env": env}).encode()
        handles = [each if isinstance(each, int) else each.fileno() for each in streams]
        socket.send_fds(call, [len(request).to_bytes(8, "big")], handles)
        call.sendall(request)

        def wait():
            with call, call.makefile("rb") as told:
                return os.waitstatus_to_exitcode(int(told.readline()))

        return wait


def _serve(listener, alive):
    """Fork for every call, until the tests are gone."""
    for name in loaded():
        importlib.import_module(name)
    ended, tell = os.pipe()
    os.set_blocking(tell, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(tell, warn_on_full_buffer=False)
    gc.collect()
    gc.freeze()
    calls = {}  # the process that a call became → where its end is told
    while True:
        ready, _, _ = select.select([listener, alive, ended], [], [])
        if alive in ready:
            shutil.rmtree(os.getcwd(), ignore_errors=True)
            return
        if ended in ready:
            os.read(ended, 4096)
            _tell(calls)
        if listener in ready:
            call, _ = listener.accept()
            request, handles = _received(call)
            child = os.fork()
            if child == 0:
                signal.set_wakeup_fd(-1)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                for each in (listener, call, *calls.values()):
                    each.close()
                for each in (alive, ended, tell):
                    os.close(each)
                _become(request, handles)
            calls[child] = call
            for each in handles:
                os.close(each)


def _tell(calls):
    """Tell how the processes ended that have ended."""
    while calls:
        child, status = os.waitpid(-1, os.WNOHANG)
        if not child:
            return
        with calls.pop(child) as call, contextlib.suppress(BrokenPipeError):
            call.sendall(b"%d\n" % status)


def _received(call):
    """The request, and its standard streams."""
    head, handles, _, _ = socket.recv_fds(call, 8, 3)
    size = int.from_bytes(head, "big")
    request = b""
    while len(request) < size:
        request += call.recv(size - len(request))
    return json.loads(request), handles


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
