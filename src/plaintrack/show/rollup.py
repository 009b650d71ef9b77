"""Roll-up in words, and for programs."""

from typing import TYPE_CHECKING

from plaintrack.model.rollup import Rollup

if TYPE_CHECKING:
    from plaintrack.show import outputs


def words(found: Rollup) -> str:
    """Counts and sums: ``3 of 7 done, estimate 14d, left 6d, spent 5d, 2 unestimated``."""
    done = [f"{found.done} of {found.items} done"] if found.items else []
    return ", ".join(done + sums(found))


def sums(found: Rollup) -> list[str]:
    """The sums alone; what is not estimated is counted where anything is."""
    left = found.left if found.done < found.items or not found.items else ""
    lengths = [("estimate", found.estimate), ("left", left), ("spent", found.spent)]
    told = [f"{name} {length}" for name, length in lengths if length]
    if found.estimate and found.unestimated:
        told.append(f"{found.unestimated} unestimated")
    return told


def beside(found: Rollup, estimate: str) -> str:
    """What is below an item, beside its own estimate, which is never a part of the sum."""
    parts = words(found).split(", ")
    if not estimate or not found.estimate:
        return ", ".join([*parts, *([f"estimate {estimate}"] if estimate else [])])
    at = parts.index(f"estimate {found.estimate}")
    parts[at] = f"estimate {estimate}, below {found.estimate}"
    return ", ".join(parts)


def record(found: Rollup | None) -> "outputs.Rolled | None":
    """A roll-up for programs: counts, and durations or None."""
    if found is None:
        return None
    return {
        "items": found.items,
        "done": found.done,
        "unestimated": found.unestimated,
        "unknown": found.unknown,
        "estimate": found.estimate or None,
        "left": found.left or None,
        "spent": found.spent or None,
    }
