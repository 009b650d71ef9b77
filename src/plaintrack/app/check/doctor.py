"""Finds what is broken in a workspace, whatever its policy: what the checks find that need none,
lost-found, an index that differs from the files, and how git and this machine are set up.
"""

from typing import NamedTuple

from plaintrack.app.check import environment
from plaintrack.app.check.check import Asked, check
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.app.write import rescue
from plaintrack.app.write.session import recover
from plaintrack.model.problem import Problem
from plaintrack.store.index import ask, truth
from plaintrack.store.index.database import DAMAGED, Database
from plaintrack.store.index.elsewhere import keep
from plaintrack.store.index.update import Refresh

ASKED = Asked(structure=True)
"""What the doctor asks the checks for."""
STALE = "stale-index"


class Diagnosis(NamedTuple):
    """What is wrong, where that is known, and in sentences what the reader should know beside
    it.
    """

    problems: tuple[Problem, ...]
    notes: tuple[str, ...]

    @property
    def stale(self) -> bool:
        """Whether the index differs from the files."""
        return any(problem.code == STALE for problem in self.problems)


def diagnose(workspace: Workspace) -> Diagnosis:
    """What is wrong with the workspace."""
    recover(workspace)
    stale = _index(workspace)  # first: the rest is asked of a true one
    report = check(workspace, ASKED)
    around = environment.environment(workspace)
    found = [
        Problem(
            each.name, each.path, each.message, each.hint,
            each.line, each.column, each.excerpt, each.severity,
        )
        for each in report.findings
    ]  # fmt: skip
    problems = [*found, *rescue.findings(workspace), *stale, *around.problems]
    return Diagnosis(tuple(problems), (*around.notes, *report.notes))


def _index(workspace: Workspace) -> list[Problem]:
    """Whether the index says what an index made from nothing says; if not, that one takes its place
    in this process.
    """
    database = Database(None, "")
    kept = workspace.index
    Refresh(database, workspace.root, workspace.schema, workspace.scanned).run()
    keep(database, ask.elsewhere(kept.connection))
    try:
        if truth.same(kept.connection, database.connection):
            return []
    except DAMAGED:
        pass
    workspace.take(database)
    hint = "`doctor --fix` rebuilds it; please report this"
    return [Problem(STALE, ".", "the index differs from the files", hint)]
