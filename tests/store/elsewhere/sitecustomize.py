"""Takes away what only Linux has, from every process whose PYTHONPATH leads here: what is left are
the fall-backs of other systems.
"""

import builtins
import ctypes
import fcntl
import io
import os
import sys
from importlib import import_module

_symbol, _open = ctypes.CDLL.__getattr__, builtins.open


def _without(self, name):
    if name in ("renameat2", "syncfs"):
        raise AttributeError(name)
    return _symbol(self, name)


def _no_proc(file, *args, **options):
    if isinstance(file, (str, bytes)) and os.fsdecode(file).startswith("/proc/"):
        raise FileNotFoundError(2, "No such file or directory", file)
    return _open(file, *args, **options)


ctypes.CDLL.__getattr__ = _without
builtins.open = io.open = _no_proc
for module, name in ((os, "O_TMPFILE"), (os, "fork"), (fcntl, "F_SETPIPE_SZ")):
    if hasattr(module, name):
        delattr(module, name)
if "watch" in sys.orig_argv:  # watchdog chooses by the platform how it observes
    here, sys.platform = sys.platform, "another"
    import_module("watchdog.observers")
    sys.platform = here
sys.modules["watchdog.observers.inotify_c"] = None
