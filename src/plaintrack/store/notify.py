"""Sends notifications to desktops, mail and chats, by apprise (the extra ``notify``)."""

import sys

from plaintrack.errors import PlaintrackError

DESKTOP = {"linux": "dbus://", "darwin": "macosx://", "win32": "windows://"}


class NotNotified(PlaintrackError):
    """A notification could not be sent."""

    slug = "not-notified"


class NoAddress(NotNotified):
    """The variable that holds the address is not set."""

    slug = "no-address"

    def __init__(self, variable: str) -> None:
        super().__init__(f"the variable {variable} is not set", "it holds the address to notify")


class NotDelivered(NotNotified):
    """The service refused the notification, or was not reached."""

    slug = "not-delivered"

    def __init__(self) -> None:
        super().__init__(
            "the notification was not delivered",
            "check the address, and that the service can be reached",
        )


class BadAddress(NotNotified):
    """The address is not one of a known service. It may hold a secret, so it is not shown."""

    slug = "bad-address"

    def __init__(self) -> None:
        super().__init__(
            "notifications cannot be sent to this address",
            "see docs/automation.md, or apprise's list of services",
        )


class NotifyNotInstalled(NotNotified):
    """The package that sends notifications is not installed."""

    slug = "notify-not-installed"

    def __init__(self) -> None:
        super().__init__(
            "notifications need the extra `notify`",
            "install it with `pip install 'plaintrack[notify]'`",
        )


def send(where: str, title: str, text: str) -> None:
    """Send a message to ``desktop``, or to an address as apprise knows them (``mailto://…``,
    ``slack://…``). Raises NotNotified.

    The address may hold a secret, so it is in no message.
    """
    try:
        import apprise
    except ImportError as error:
        raise NotifyNotInstalled from error
    sender = apprise.Apprise()
    if not sender.add(DESKTOP.get(sys.platform, "") if where == "desktop" else where):
        raise BadAddress
    if not sender.notify(
        title=title, body=text, body_format=apprise.NotifyFormat.TEXT, interpret_escapes=False
    ):
        raise NotDelivered
