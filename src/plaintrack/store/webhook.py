"""Sends a message to a webhook: https to public addresses only, checked after the name was
resolved, no redirects, bounded in time.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from urllib.parse import urlsplit

from plaintrack.errors import PlaintrackError

SECONDS = 10.0
ANSWER = 65_536
_UNICAST = ipaddress.ip_network("2000::/3")
_WRAPPING = tuple(
    map(
        ipaddress.ip_network,
        ("2001::/23", "2002::/16", "3fff::/20", "192.0.0.0/24", "192.88.99.0/24"),
    )
)


class NotSent(PlaintrackError):
    """A message did not reach its webhook."""

    slug = "webhook-failed"


class NoSecret(NotSent):
    """The variable that holds the secret is not set."""

    slug = "no-secret"

    def __init__(self, variable: str) -> None:
        super().__init__(f"the variable {variable} is not set", "it holds the webhook's secret")


class NotAccepted(NotSent):
    """The host answered with an error or a redirect."""

    slug = "not-accepted"

    def __init__(self, host: str, status: int) -> None:
        super().__init__(f"the webhook at {host} answered {status}", "redirects are not followed")


class NotReached(NotSent):
    """The host was not reached."""

    slug = "not-reached"

    def __init__(self, host: str, why: Exception) -> None:
        super().__init__(f"the webhook at {host} could not be called: {why}", "check the address")


class PrivateAddress(NotSent):
    """Only hosts of the public internet are called."""

    slug = "private-address"

    def __init__(self, host: str) -> None:
        super().__init__(
            f"{host} is not on the public internet", "webhooks to private addresses are not called"
        )


class NotHttps(NotSent):
    """Only https addresses without a user are called."""

    slug = "not-https"

    def __init__(self) -> None:
        super().__init__(
            "a webhook must be an https address without a user name", "write https://host/path"
        )


class UnreadableAddress(NotSent):
    """The address is not a URL."""

    slug = "unreadable-address"

    def __init__(self, why: Exception) -> None:
        super().__init__(f"the webhook's address cannot be read: {why}", "write https://host/path")


def public(address: str) -> bool:
    """Whether an IP address is one of the public internet, and no other address is wrapped in it.

    NAT64, 6to4, Teredo and IPv4-compatible addresses lead to an IPv4 address, which may be a
    private one.
    """
    found = ipaddress.ip_address(address.partition("%")[0])
    inner = getattr(found, "ipv4_mapped", None) or found
    if any(inner in each for each in _WRAPPING) or (inner.version == 6 and inner not in _UNICAST):
        return False
    return inner.is_global and not inner.is_multicast and not inner.is_reserved


def post(
    url: str, data: bytes, headers: Mapping[str, str], context: ssl.SSLContext | None = None
) -> int:
    """Post JSON; the status of the answer, below 300. The address that was checked is the one that
    is called. Raises NotSent.
    """
    try:
        parts = urlsplit(url)
        port = parts.port or 443
    except ValueError as error:
        raise UnreadableAddress(error) from error
    host = parts.hostname or ""
    if parts.scheme != "https" or not host or parts.username is not None:
        raise NotHttps
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        addresses = [
            str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        ]
        if not addresses or not all(map(public, addresses)):
            raise PrivateAddress(host)
        with socket.create_connection((addresses[0], port), SECONDS) as plain:
            timer = threading.Timer(SECONDS, _end, (plain,))
            timer.daemon = True
            timer.start()
            try:
                return _sent(
                    plain,
                    host,
                    port,
                    target,
                    data,
                    headers,
                    context or ssl.create_default_context(),
                )
            finally:
                timer.cancel()
    except (OSError, http.client.HTTPException, UnicodeError) as error:
        raise NotReached(host, error) from error


def _end(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


def _sent(
    plain: socket.socket,
    host: str,
    port: int,
    target: str,
    data: bytes,
    headers: Mapping[str, str],
    context: ssl.SSLContext,
) -> int:
    with context.wrap_socket(plain, server_hostname=host) as secure:
        connection = http.client.HTTPConnection(host, port)
        connection.sock = secure
        connection.request(
            "POST",
            target,
            data,
            {"Content-Type": "application/json", "User-Agent": "plaintrack", **headers},
        )
        answer = connection.getresponse()
        answer.read(ANSWER)
        if answer.status >= 300:
            raise NotAccepted(host, answer.status)
        return answer.status
