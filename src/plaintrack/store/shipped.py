"""The files that come with plaintrack."""

import os


def shipped(*names: str) -> str:
    """A file or folder of the shipped templates: inside the wheel, or beside the source in a
    checkout.
    """
    package = os.path.dirname(os.path.dirname(__file__))  # importlib.resources costs 8 ms
    inside = os.path.join(package, "_templates")
    beside = os.path.join(os.path.dirname(os.path.dirname(package)), "templates")
    return os.path.join(inside if os.path.isdir(inside) else beside, *names)
