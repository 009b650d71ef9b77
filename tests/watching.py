"""A watcher as a process, and what it tells."""

import json
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path


class Watcher:
    """``plaintrack watch --json`` in the folder of a shell; ``events`` is what it has told so far."""

    def __init__(self, shell, *args):
        self.events = []
        self.process = subprocess.Popen(
            [sys.executable, "-m", "plaintrack", "watch", "--json", *args], cwd=shell.folder, env=shell.env, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()
        self.await_(lambda: self.of("watching"), "it watches")
        time.sleep(0.5)  # its first look; what happens before it is no news

    def _read(self):
        for line in self.process.stdout:
            self.events.append(json.loads(line))

    def of(self, kind):
        return [each for each in self.events if each["event"] == kind]

    def texts(self):
        """What changed, a line each."""
        return [f"{each['id'] or each['path']} {each['text']}" for each in self.of("change")]

    def await_(self, question, what, seconds=20.0):
        """Wait until ``question`` is answered by yes."""
        end = time.monotonic() + seconds
        while not question():
            assert self.process.poll() is None, self.process.stderr.read()
            assert time.monotonic() < end, (what, self.events)
            time.sleep(0.01)

    def quiet(self, seconds=0.6):
        """Wait until nothing has been told for a while."""
        count = -1
        while count != len(self.events):
            count = len(self.events)
            time.sleep(seconds)

    def sleep(self):
        """Stop it by a signal, until all its threads sleep: on a busy machine that is some time after the signal was sent."""
        self.process.send_signal(signal.SIGSTOP)
        self.await_(
            lambda: all(
                each.read_text().rpartition(")")[2].split()[0] == "T" for each in self._threads()
            ),
            "it sleeps",
        )

    def _threads(self):
        return Path(f"/proc/{self.process.pid}/task").glob("*/stat")

    def wake(self):
        """Let it go on."""
        self.process.send_signal(signal.SIGCONT)

    def end(self, number=15):
        """End it by a signal; its exit code."""
        self.process.send_signal(number)
        self.process.wait(20)
        self.thread.join(5)
        return self.process.returncode

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


class Writers:
    """``command``, ``editor`` and ``git`` of a test beside one another, each with the ``tree`` to itself; ``faults`` is what went wrong."""

    def work(self, how, count, pause):
        """Do something so many times."""
        try:
            for _ in range(count):
                with self.tree:
                    how()
                time.sleep(self.random.random() * pause)
        except Exception as error:  # told by the test
            self.faults.append(error)

    def run(self, operations):
        """Work for so many operations: six by commands and six by the editor to one by git."""
        shares = [
            (self.command, operations * 6 // 13, 0.02),
            (self.editor, operations * 6 // 13, 0.02),
            (self.git, operations // 13, 0.2),
        ]
        threads = [threading.Thread(target=self.work, args=each) for each in shares]
        for thread in threads:
            thread.start()
        return threads
