"""What ``start``, ``done``, ``cancel`` and ``reopen`` share."""

from plaintrack.cli.options import show_diff, tell, tell_next, workspace
from plaintrack.cli.output import note, safe


def move(verb: str, category: str, items: tuple[str, ...], dry: bool) -> int:
    """Bring the items into the category, and say what changed."""
    from plaintrack.app.items.workflow import moved
    from plaintrack.app.snapshot import find
    from plaintrack.app.write.session import writing
    from plaintrack.model.change import telling

    place = workspace()
    wanted = moved(place, category)
    paths = dict.fromkeys(find.locate(place, name) for name in items)
    with writing(place, f"{verb} {' '.join(items)}", dry) as writer:
        for path in paths:
            task = find.load(place, path)
            if place.schema.category(task.text("status")) == category and task.text("status"):
                note(safe(f"{task.id} is {task.text('status')} already"))
                continue
            changes = writer.edit(path, wanted)
            if not dry:
                tell(telling(changes), task.id)
    tell_next(writer.followers, dry)
    for each in writer.written if dry else ():
        show_diff(each.before, each.after, each.path)
    return 0
