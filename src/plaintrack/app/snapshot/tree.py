"""Items as a tree of sub-items or of dependencies, cycles shown as cycles."""

from collections.abc import Iterator

from plaintrack.app.snapshot.detail import line
from plaintrack.model.task import Task

UP = ("parent", "milestone", "project", "goal")


class Tree:
    """The edges between tasks; ``depends`` follows dependencies, else sub-items hang below their
    nearest container.
    """

    def __init__(self, tasks: list[Task], depends: bool) -> None:
        """``tasks`` are all items of the snapshot."""
        self.tasks = {task.id.lower(): task for task in tasks if task.id}
        self.below: dict[str, list[str]] = {}
        for key, task in self.tasks.items():
            if depends:
                self.below[key] = [each.lower() for each in task.many("depends_on")]
            else:
                above = next((task.text(name).lower() for name in UP if task.text(name)), "")
                if above:
                    self.below.setdefault(above, []).append(key)

    def roots(self) -> list[str]:
        """The items with something below and nothing above them; of a cycle nobody is above, its
        first item.
        """
        under = {each for keys in self.below.values() for each in keys}
        found = [key for key in self.tasks if self.below.get(key) and key not in under]
        reached = set(found)
        stack = list(found)
        while stack:
            for each in self.below.get(stack.pop(), ()):
                if each not in reached:
                    reached.add(each)
                    stack.append(each)
        for key in self.tasks:
            if self.below.get(key) and key not in reached:
                found.append(key)
                stack = [key]
                while stack:
                    for each in self.below.get(stack.pop(), ()):
                        if each not in reached:
                            reached.add(each)
                            stack.append(each)
        return found

    def draw(self, root: str) -> Iterator[str]:
        """The lines of the tree below ``root``; a second way to an item is not drawn again, a way
        back is a cycle.
        """
        drawn: set[str] = set()
        stack: list[tuple[str, str, str, tuple[str, ...]]] = [(root.lower(), "", "", ())]
        while stack:
            key, first, rest, above = stack.pop()
            task = self.tasks.get(key)
            text = line(task) if task else f"{key}  (there is no such item)"
            children = self.below.get(key, [])
            if key in above:
                yield f"{first}{text}  ↺ cycle"
                continue
            if key in drawn and children:
                yield f"{first}{text}  (see above)"
                continue
            yield first + text
            drawn.add(key)
            for at, child in reversed(list(enumerate(children))):
                last = at == len(children) - 1
                stack.append(
                    (
                        child,
                        rest + ("└─ " if last else "├─ "),
                        rest + ("   " if last else "│  "),
                        (*above, key),
                    )
                )
