"""Digests of bytes; hashlib would load OpenSSL for them."""

try:
    from _blake2 import blake2b
except ImportError:  # other Pythons than CPython
    from hashlib import blake2b


def digest(data: bytes) -> bytes:
    """Sixteen bytes that tell ``data`` from anything else."""
    return blake2b(data, digest_size=16).digest()
