"""An editor that saves a file many times: ``editing.py HOW COUNT FILE``; each save appends a line of its own.

Like editors do, it looks whether the file has changed since it was read, and then reads it again before it saves. HOW is ``rename``
(a new file takes its place), ``truncate`` (the same file, emptied and written in two parts), ``hold`` (opened and read, written
through the same handle a little later) or ``backup`` (vim: the old file is renamed, a new one written, the old one deleted).
"""

import os
import random
import sys
import time


def read(path):
    """The text and the stamp; another program may be about to put the file in its place."""
    for _ in range(1000):
        try:
            with open(path, "rb") as handle:
                stamp = os.fstat(handle.fileno()).st_mtime_ns
                return handle.read(), stamp
        except FileNotFoundError:
            time.sleep(0.001)
    raise FileNotFoundError(path)


def buffer(path, line):
    """The text with one more line, as it was a moment ago and has not changed since."""
    while True:
        data, stamp = read(path)
        time.sleep(random.random() * 0.001)
        try:
            if data and os.stat(path).st_mtime_ns == stamp:
                return data + line
        except FileNotFoundError:
            continue


def rename(path, line):
    with open(path + ".new", "wb") as handle:
        handle.write(buffer(path, line))
    os.replace(path + ".new", path)


def truncate(path, line):
    data = buffer(path, line)
    with open(path, "wb", buffering=0) as handle:
        handle.write(data[: len(data) // 2])
        time.sleep(random.random() * 0.001)
        handle.write(data[len(data) // 2 :])


def hold(path, line):
    with open(path, "r+b", buffering=0) as handle:
        data = handle.read() + line
        time.sleep(random.random() * 0.003)
        handle.seek(0)
        handle.write(data)
        handle.truncate()


def backup(path, line):
    data = buffer(path, line)
    os.rename(path, path + "~")
    with open(path, "wb", buffering=0) as handle:
        handle.write(data)
    os.unlink(path + "~")


def main():
    how, count, path = sys.argv[1:]
    save = {"rename": rename, "truncate": truncate, "hold": hold, "backup": backup}[how]
    for number in range(int(count)):
        save(path, f"- saved {number}.\n".encode())
        time.sleep(random.random() * 0.004)


if __name__ == "__main__":
    main()
