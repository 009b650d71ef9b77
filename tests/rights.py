"""Permission bits that bind, for root too: without the two capabilities that let root read and write everything."""

import ctypes
import os
import struct
import sys
import tempfile
from contextlib import contextmanager

_OVERRIDE = (1, 2)  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
_DROP_FROM_BOUNDING_SET = 24
_HEADER = struct.pack("Ii", 0x20080522, 0)


def bound():
    """For ``preexec_fn``: the program that is started next obeys permission bits."""
    if os.geteuid() == 0:
        for capability in _OVERRIDE:
            ctypes.CDLL(None).prctl(_DROP_FROM_BOUNDING_SET, capability, 0, 0, 0)


@contextmanager
def obeyed():
    """This thread obeys permission bits in the block; gives whether that is so."""
    if os.geteuid() or sys.platform != "linux":
        yield _bind()
        return
    library = ctypes.CDLL(None)
    found = ctypes.create_string_buffer(24)
    library.capget(_HEADER, found)
    effective, *rest = struct.unpack("6I", found.raw)
    kept = effective & ~sum(1 << capability for capability in _OVERRIDE)
    library.capset(_HEADER, struct.pack("6I", kept, *rest))
    try:
        yield _bind()
    finally:
        library.capset(_HEADER, found.raw)


def _bind():
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o500)
        return not os.access(folder, os.W_OK, effective_ids=os.access in os.supports_effective_ids)
