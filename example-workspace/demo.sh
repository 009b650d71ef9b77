#!/bin/sh
# A day's work in a scratch copy of this workspace: `make demo` runs it.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cp -R "$here/." "$scratch"
cd "$scratch"
git init -q .
git config user.name 'Jonas Okafor'
git config user.email jonas@rinnwerk.example
git config core.autocrlf false
git add -A
git commit -qm 'workspace: the work of Rinnwerk'
export PLAINTRACK_NOW=2026-11-23T09:00:00+01:00 PAGER=cat GIT_PAGER=cat

run() {
  printf '\n$ %s\n' "$*"
  "$@"
}

echo "It is Monday morning, 23 November 2026, and you are Jonas."
run plaintrack list --limit 15
run plaintrack list is:overdue
run plaintrack list assignee:me is:ready --columns id,title,priority,due
run plaintrack board --limit 3
run plaintrack tree 45fpas
run plaintrack show 4vdqk5 --why
run plaintrack start 4vdqk5
run plaintrack set xybp33 due=+2d tags+=windows
run plaintrack add 'Ask Grünau for the meter list' due=fri estimate=1h assignee=me project=45fpas
run plaintrack comment xybp33 'Reproduced with the file from Neuhaus.'
run git status --short
run git diff
run plaintrack undo
run plaintrack stats --by assignee is:open
printf '\nThe scratch copy was %s; it is gone now. Your own: plaintrack init\n' "$scratch"
