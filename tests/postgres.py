"""A PostgreSQL server of the tests: in a temporary folder, reached by a socket there, shared by all processes of one run.

It refuses to run as root, so root starts it as ``nobody``. Nothing of it outlives the run.
"""

import fcntl
import glob
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

SETTINGS = {
    # what is lost when the machine fails is made again by the next run
    "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off",
    "listen_addresses": "''", "max_connections": "60", "shared_buffers": "64MB", "jit": "off", "log_min_messages": "fatal",
}  # fmt: skip
_OTHERS = "/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin"


def programs():
    """The folder of the newest server's programs; None where there is none."""
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    some = [
        Path(each)
        for pattern in _OTHERS
        for each in glob.glob(pattern)
        if Path(each, "initdb").exists()
    ]
    return max(
        some, key=lambda path: [int(each) for each in path.parts if each.isdigit()], default=None
    )


def _as(user):
    """How a program is started as a user; None: as who we are."""
    if user is None:
        return {}
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


class Server:
    """A cluster in a folder of its own."""

    def __init__(self, folder, settings=None):
        self.folder, self.bin = Path(folder), programs()
        self.user = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
        self.settings = {**SETTINGS, **(settings or {})}
        self.env = {name: text for name, text in os.environ.items() if not name.startswith("PG")}
        self.env |= {"LC_ALL": "C", "HOME": str(folder)}

    def run(self, *command):
        done = subprocess.run(
            command,
            cwd="/",
            env=self.env,
            capture_output=True,
            text=True,
            check=False,
            **_as(self.user),
        )
        assert done.returncode == 0, (command, done.stdout, done.stderr)

    def start(self):
        data = self.folder / "data"
        if self.user:
            os.chown(self.folder, self.user.pw_uid, self.user.pw_gid)
        self.run(
            self.bin / "initdb",
            "-D",
            data,
            "-U",
            "plaintrack",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-locale",
            "--no-sync",
            "--no-instructions",
        )
        with (data / "postgresql.conf").open("a") as conf:
            conf.writelines(
                f"{name} = {text}\n"
                for name, text in {
                    **self.settings,
                    "unix_socket_directories": f"'{self.folder}'",
                }.items()
            )
        self.run(self.bin / "pg_ctl", "-D", data, "-w", "-s", "-l", self.folder / "log", "start")

    def stop(self):
        self.run(self.bin / "pg_ctl", "-D", self.folder / "data", "-m", "immediate", "-s", "stop")

    def url(self, database="postgres", user="plaintrack"):
        return f"postgresql://{user}@/{database}?host={self.folder}"


@contextmanager
def _shared(basetemp):
    """The folder of the run's server: the first process that asks starts it, the last that goes stops it."""
    home = Path(basetemp) / "postgres"
    home.mkdir(exist_ok=True)
    users = home / "users"

    def counted(step):
        with (home / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            now = int(users.read_text() or 0) + step if users.exists() else step
            if step == 1 and now == 1:
                # a socket's path is short: 107 bytes
                folder = tempfile.mkdtemp(
                    prefix="pt-pg-", dir="/dev/shm" if os.path.isdir("/dev/shm") else None
                )
                (home / "folder").write_text(folder)
                Server(folder).start()
            if step == -1 and now == 0:
                folder = (home / "folder").read_text()
                Server(folder).stop()
                shutil.rmtree(folder)
            users.write_text(str(now))

    counted(1)
    try:
        yield Server((home / "folder").read_text())
    finally:
        counted(-1)


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """The server that all tests of this run share."""
    if programs() is None:
        pytest.skip("PostgreSQL is not installed")
    pytest.importorskip("psycopg")
    base = tmp_path_factory.getbasetemp()
    with _shared(base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) as found:
        yield found


_MADE = iter(range(10**9))


@pytest.fixture
def database(server):
    """The URL of a new, empty database."""
    import psycopg

    name = f"t{os.getpid()}_{next(_MADE)}_{time.monotonic_ns()}"
    with psycopg.connect(server.url(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield server.url(name)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
