"""The words for commands: their groups in the help, and those that people type from habit."""

GROUPS = {
    "Daily": (
        *("add", "list", "show", "next", "set", "edit", "start", "done", "cancel", "reopen"),
        *("assign", "snooze", "comment", "tick", "delete", "archive", "undo", "time"),
    ),
    "Look": ("board", "tree", "search", "stats", "inbox", "log", "history"),
    "Git": ("commit", "sync", "diff", "branch", "conflicts", "merge-file", "textconv"),
    "Automate": ("watch", "rules", "trust", "recur", "render"),
    "Check and agree": ("check", "explain", "approve", "reject", "approvals", "owners", "sla"),
    "Plan": (
        *("plan", "workload", "goals", "project", "health", "rank", "score", "triage"),
        *("people", "equipment"),
    ),
    "Report": ("metrics", "forecast", "report", "export", "publish", "portfolio"),
    "Set up": (*("init", "import", "config", "doctor", "renumber", "schema", "completion", "lsp"),),
}
"""Heading → the commands below it."""

EXIT = (
    'Exit codes: 0 fine; 1 the answer is "no" (nothing such, problems found); 2 wrong usage or'
    " bad input; 3 a bug, with a report to send; 130 interrupted; 141 no one read the output to its"
    " end. Data goes to standard output, everything else to standard error."
)

ALIASES = {
    "ls": "list",
    "new": "add",
    "create": "add",
    "close": "done",
    "rm": "delete",
    "view": "show",
}
"""Words of other programs → the command that does the same here."""

ANSWERS = {
    "update": "`plaintrack set ID due=fri` changes fields, and `plaintrack health ID at-risk`"
    " writes a status update",
    "ready": "`plaintrack next` shows what to do next, and `plaintrack list is:ready` all that can"
    " be begun",
    "claim": "`plaintrack assign ID me` makes it yours, and `plaintrack start ID` begins it",
    "status": "`plaintrack` alone lists the open items, `plaintrack list is:active` what is in"
    " progress, and `plaintrack diff` what is not committed",
    "mv": "move files as you like, the id is what counts; `plaintrack set ID title=…` names an item"
    " anew, and `plaintrack renumber ID` gives it another id",
    "me": "`plaintrack list assignee:me` lists your items, and `plaintrack inbox` what is new for"
    " you",
}
"""Words that no command stands for, and what does what is probably meant."""
