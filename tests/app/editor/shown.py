"""A workspace in an editor: `Shown` opens texts in which `|` is the place of the cursor."""

from plaintrack.app.editor.desk import Desk
from plaintrack.app.editor.sheet import Sheet

NOW = "2026-11-23T09:00:00+01:00"
SETTINGS = """\
timezone: Europe/Berlin
people:
  ana: {name: Ana Lima, email: ana@x.example}
  bob: {name: Bob Ray, email: bob@x.example}
views: {mine: {query: 'is:open'}}
"""
ITEMS = {
    "aaaaaa": "title: Fix the login redirect\nstatus: todo\nassignee: [ana]\ntags: [auth, web]\ndue: 2026-12-01\n",
    "bbbbbb": "title: Rotate the broker certificate\nstatus: in-progress\nassignee: [ana, bob]\ntags: [web]\nparent: PT-aaaaaa\nestimate: 2d\n",
    "cccccc": "title: Write the release notes 😀\nstatus: done\nclosed: 2026-11-20\ndepends_on: [PT-aaaaaa, PT-bbbbbb +2d]\n",
}


class Shown:
    def __init__(self, folder):
        self.folder = folder
        for name, text in {"plaintrack.yml": SETTINGS, **self.items()}.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        self.desk = Desk(str(folder))

    @staticmethod
    def items():
        return {
            f"tasks/PT-{name}.md": f"---\nid: PT-{name}\n{fields}---\nAbout PT-aaaaaa, says @ana.\n"
            for name, fields in ITEMS.items()
        }

    def __call__(self, text, path="tasks/PT-new.md"):
        """The sheet and the offset of the cursor."""
        offset = text.index("|")
        text = text.replace("|", "", 1)
        self.desk.put(path, text)
        return Sheet(self.desk, path), offset
