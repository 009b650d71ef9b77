"""Who is who: the user, the authors of commits, the people of the settings."""

from plaintrack.app.snapshot.snapshot import Snapshot


def me(workspace: Snapshot) -> tuple[str, ...]:
    """The names git's user goes by here: the short name of ``people:`` with that e-mail or name,
    else name, e-mail and its local part.
    """
    from plaintrack.store.plumbing import user

    name, email = user(workspace.root)
    found = [
        short
        for short, about in workspace.settings.people.items()
        if (email and about.get("email", "").lower() == email.lower())
        or (name and about.get("name") == name)
    ]
    return tuple(found) or tuple(each for each in (name, email, email.partition("@")[0]) if each)


def author(workspace: Snapshot, name: str) -> frozenset[str]:
    """The names and e-mail addresses, in lower case, that somebody commits under: ``me``, a short
    name of ``people:``, or as it is.
    """
    names = {name.lower()}
    if name == "me":
        names |= {each.lower() for each in me(workspace)}
    for short, about in workspace.settings.people.items():
        if short.lower() in names:
            names |= {about[key].lower() for key in ("name", "email") if about.get(key)}
    return frozenset(names)


def person(workspace: Snapshot, name: str, email: str) -> str:
    """Who an author is: the short name of ``people:``, else the name."""
    for short, about in workspace.settings.people.items():
        if (email and about.get("email", "").lower() == email.lower()) or (
            name and about.get("name") == name
        ):
            return short
    return name
