"""Digests of bytes; hashlib would load OpenSSL for them."""

try:
    from _blake2 import blake2b
except ImportError:  # other Pythons than CPython
    from hashlib import blake2b


def digest(data: bytes) -> bytes:
    """Sixteen bytes that tell ``data`` from anything else."""
    return blake2b(data, digest_size=16).digest()


def is_blob(data: bytes, name: str) -> bool:
    """Whether git gives ``data`` this name."""
    if len(name) == 40:
        try:
            from _sha1 import sha1 as function
        except ImportError:
            from hashlib import sha1 as function
    else:
        from hashlib import sha256 as function
    return bool(function(b"blob %d\0" % len(data) + data).hexdigest() == name)
