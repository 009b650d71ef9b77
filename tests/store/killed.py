"""A process that forks for each job: the child runs commands, and is killed just before a given change to the file system.

A job is a line of JSON on standard input: the ``folder``, the ``commands``, and ``kill``, the number of the change before which
the last command dies of SIGKILL (0: it lives); ``save`` is a number too, before which an editor saves the file ``edit`` in the way
``how``. The answer is a line on standard output: per command its exit code, output and
errors; null if it was killed. The command ``files`` gives the bytes of all files outside the cache instead.
"""

import contextlib
import io
import json
import os
import signal
import sys

EVENTS = {
    "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.truncate", "os.chmod", "os.chown", "os.utime",
    "ctypes.dlopen",  # the exchange follows
}  # fmt: skip
CALLS = {"write", "fsync", "execute", "executemany", "executescript", "backup"}
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC


def arm(job):
    """Die just before the change with this number: what Python is about to do to files, and each statement to SQLite."""
    number = 0

    def count():
        nonlocal number
        number += 1
        if number == job["kill"]:
            os.kill(os.getpid(), signal.SIGKILL)
        if number == job.get("save"):
            number, before = -(10**9), number
            save(job["edit"], job["how"])
            number = before

    def audit(event, args):
        if event in EVENTS or (event == "open" and args[2] & WRITES):
            count()

    def profile(frame, event, function):
        if event == "c_call" and function.__name__ in CALLS:
            count()

    sys.addaudithook(audit)
    sys.setprofile(profile)


def save(path, how):
    """Append a line to a file as editors do: ``rename`` or ``in place``."""
    with open(path, "rb") as handle:
        data = handle.read() + b"Saved meanwhile.\n"
    with open(path + "~" if how == "rename" else path, "wb") as handle:
        handle.write(data)
    if how == "rename":
        os.replace(path + "~", path)
    os.mkdir("../saved")


def files():
    found = {}
    for folder, _, names in os.walk("."):
        for name in names:
            with open(os.path.join(folder, name), "rb") as handle:
                found[os.path.join(folder, name)[2:]] = handle.read().decode("latin-1")
    return found


def run(words):
    if words == ["files"]:
        return files()
    from plaintrack.cli.main import run

    sys.argv = ["plaintrack", *words]
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run()
    return [code, out.getvalue(), err.getvalue()]


def child(job, pipe):
    os.chdir(job["folder"])
    *first, last = job["commands"]
    found = [run(words) for words in first]
    if job["kill"]:
        arm(job)
    found.append(run(last))
    os.write(pipe, json.dumps(found).encode())


def main():
    for line in sys.stdin:
        into, out = os.pipe()
        process = os.fork()
        if process == 0:
            try:
                child(json.loads(line), out)
            finally:
                os._exit(0)
        os.close(out)
        with open(into, "rb") as pipe:
            answer = pipe.read()
        _, status = os.waitpid(process, 0)
        assert answer or os.WTERMSIG(status) == signal.SIGKILL, status
        print(answer.decode() or "null", flush=True)


if __name__ == "__main__":
    import plaintrack.app.check.doctor
    import plaintrack.app.check.fix
    import plaintrack.app.items.add
    import plaintrack.app.write.rescue
    import plaintrack.cli.main
    import plaintrack.text.edit  # noqa: F401 (loaded once, for all children)

    main()
