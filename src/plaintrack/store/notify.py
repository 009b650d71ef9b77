"""Sends notifications to desktops, mail and chats, by apprise (the extra ``notify``)."""

import sys

from plaintrack.errors import PlaintrackError

DESKTOP = {"linux": "dbus://", "darwin": "macosx://", "win32": "windows://"}


class NotNotified(PlaintrackError):
    """A notification could not be sent."""

    slug = "not-notified"


def send(where: str, title: str, text: str) -> None:
    """Send a message to ``desktop``, or to an address as apprise knows them (``mailto://…``,
    ``slack://…``). Raises NotNotified.

    The address may hold a secret, so it is in no message.
    """
    try:
        import apprise
    except ImportError as error:
        raise NotNotified(
            "notifications need the extra `notify`",
            "install it with `pip install 'plaintrack[notify]'`",
        ) from error
    sender = apprise.Apprise()
    if not sender.add(DESKTOP.get(sys.platform, "") if where == "desktop" else where):
        raise NotNotified(
            "this is no address that a notification can go to",
            "see docs/automation.md, or apprise's list of services",
        )
    if not sender.notify(
        title=title, body=text, body_format=apprise.NotifyFormat.TEXT, interpret_escapes=False
    ):
        raise NotNotified(
            "the notification was not taken",
            "check the address, and that the service can be reached",
        )
