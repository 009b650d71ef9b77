"""Work and its repository: commits, sync, merges, conflicts, branches, hooks."""
