"""A process that reads the history of a workspace: ``reading.py FOLDER EVERY AT SIGNAL``.

It keeps what it has read every EVERY seconds, and sends itself the SIGNAL when AT commits are done (0: never). It writes how many
commits were done when it first told of progress, and its peak of memory in MB.
"""

import os
import signal
import sys

from plaintrack.app.snapshot.history import history
from plaintrack.app.snapshot.snapshot import Listener
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.store.index import revisions


def main():
    folder, every, at, how = sys.argv[1], float(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    revisions.EVERY = every
    signal.signal(signal.SIGINT, signal.default_int_handler)  # also where a shell has it ignored
    told = []

    def progress(done, whole):
        told.append(done)
        if at and done >= at:
            os.kill(os.getpid(), getattr(signal, how))

    os.chdir(folder)
    workspace = Workspace(folder, listener=Listener(progress=progress))
    try:
        history(workspace)
    except KeyboardInterrupt:
        sys.exit(130)
    print(told[0] if told else 0, peak())


def peak():
    """The most memory this process had, in MB; getrusage would tell that of the process that started it, if it had more."""
    with open("/proc/self/status", encoding="ascii") as status:
        found = dict(line.split(":", 1) for line in status)
    return int(found["VmHWM"].split()[0]) // 1024


main()
