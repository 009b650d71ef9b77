"""Items as a tree of sub-items or of dependencies, cycles shown as cycles."""

from collections.abc import Callable, Iterator, Sequence

from plaintrack.model.answer import Limb
from plaintrack.model.task import Task

UP = ("parent", "milestone", "project", "goal")


class Tree:
    """The edges between tasks; ``depends`` follows dependencies, else sub-items hang below their
    nearest container.
    """

    def __init__(
        self, tasks: list[Task], depends: bool, elsewhere: Callable[[str], object]
    ) -> None:
        """``tasks`` are all items of the snapshot; ``elsewhere`` says whether a link leads to
        another repository.
        """
        self.elsewhere = elsewhere
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
        """The items with something below and nothing above them; of a cycle no one is above, its
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

    def tops(self, keys: Sequence[str]) -> list[str]:
        """Those of some items that are not below another of them; of a circle the first."""
        found: list[str] = []
        under: set[str] = set()
        for key in keys:
            if key in under or key not in self.tasks:
                continue
            reached, stack = {key}, [key]
            while stack:
                more = set(self.below.get(stack.pop(), ())) - reached
                reached |= more
                stack += more
            found = [each for each in found if each not in reached] + [key]
            under |= reached
        return found

    def limbs(self, root: str) -> Iterator[Limb]:
        """The tree below ``root``; a second way to an item is not followed again, a way back is a
        cycle.
        """
        seen: set[str] = set()
        stack: list[tuple[str, bool, tuple[str, ...]]] = [(root.lower(), True, ())]
        while stack:
            key, last, above = stack.pop()
            children = self.below.get(key, [])
            note = self._note(key, above, seen)
            yield Limb(len(above), last, key, self.tasks.get(key), note)
            if note in ("cycle", "repeated"):
                continue
            seen.add(key)
            for at, child in reversed(list(enumerate(children))):
                stack.append((child, at == len(children) - 1, (*above, key)))

    def _note(self, key: str, above: tuple[str, ...], seen: set[str]) -> str:
        if key in above:
            return "cycle"
        if key in seen and self.below.get(key):
            return "repeated"
        if key in self.tasks:
            return ""
        return "elsewhere" if self.elsewhere(key) else "missing"
