"""A workspace with secrets, for tests of what is published."""

CANARIES = {
    "rate": "7317",
    "cost": "918273",
    "mail": "zebra.canary",
    "settings-mail": "okapi.canary",
    "body-mail": "gnu.canary",
    "leave": "sabbaticalcanary",
    "note": "surgerycanary",
    "allowance": "ibexleave",
    "remote": "tokencanary",
    "entry": "7h13m",
    "logged": "timenotecanary",
}
"""What no one outside the team may read, wherever it stands."""


def secrets(shell):
    """Make a workspace in which everything private is a word that occurs nowhere else."""
    see = CANARIES
    files = {
        "plaintrack.yml": "folders: [tasks]\ntimezone: Europe/Berlin\nplan: {estimate: 1d}\n"
        f"people: {{bob: {{name: Bob B, email: {see['settings-mail']}@example.org}}}}\n"
        "rooms: {people: people, reports: reports, time: time}\n",
        "time/ana/2026-11/2026-11-20-abcdef.timeclock": "i 2026-11-20 09:00:00+0100 PT-1"
        f"  {see['logged']}\no 2026-11-20 10:30:00+0100\n\n",
        "people/ana.md": f"---\nname: Ana\nemail:\n- {see['mail']}@example.org\nhours:\n- 40h/w\n"
        f"rate:\n- {see['rate']} EUR/h\nallowance:\n- 2026 {see['allowance']} 25d\nleave:\n"
        f"- 2026-11-23..2026-11-27 {see['leave']} · {see['note']}\n---\n",
        "tasks/PT-p.md": f"---\nid: PT-p\ntitle: Project\ntype: project\nbudget: {see['cost']} EUR\n---\n",
        "tasks/PT-1.md": "---\nid: PT-1\ntitle: First\nassignee: ana\nestimate: 3d\nproject: PT-p\n"
        f"time:\n- 2026-11-20 ana {see['entry']}\ndue: 2026-11-25\n---\n"
        f"Ask {see['body-mail']}@example.org or <{see['body-mail']}@example.org>.\n",
        "tasks/PT-2.md": "---\nid: PT-2\ntitle: Second\nassignee: ana\nestimate: 3d\ndepends_on: [PT-1]\n---\n",
        "reports/ours.md": "# Ours\n\n<!-- plaintrack: project-status -->\n<!-- /plaintrack -->\n\n"
        "<!-- plaintrack: plan -->\n<!-- /plaintrack -->\n",
    }
    for path, text in files.items():
        target = shell.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    shell.git("add", "-A")
    shell.git("commit", "-qm", "start")
    shell.git("remote", "add", "origin", f"https://me:{see['remote']}@github.com/a/b.git")
    return shell
