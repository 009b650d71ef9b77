#!/bin/sh
# A day's work in a scratch copy of this workspace: `make demo` runs it.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cp -R "$here/." "$scratch"
cd "$scratch"
python3 history.py
git config user.name 'Jonas Okafor'
git config user.email jonas@rinnwerk.example
git config core.autocrlf false
export PLAINTRACK_NOW=2026-11-23T09:00:00+01:00 PAGER=cat GIT_PAGER=cat

run() {
  printf '\n$ %s\n' "$*"
  "$@" 2>&1
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
run git diff
run plaintrack diff
run plaintrack undo
run plaintrack render
run plaintrack stats --by assignee is:open
run plaintrack score type:feature
run plaintrack rank 4vdqk5 xybp33 --top
run plaintrack rank wkb33n --before xybp33
run plaintrack rank
run plaintrack goals
run plaintrack project show 5qv

printf '\nWhat others did that concerns Jonas; who agreed to what; how projects stand:\n'
run plaintrack inbox
run plaintrack inbox --read all
run plaintrack approvals
run plaintrack approve j3qt4a -m 'Smaller batches, and it drops the oldest first.'
run plaintrack list is:approved --columns id,title,status
run plaintrack health
run plaintrack health 5qv3bc
run plaintrack owners tags:firmware
run plaintrack list mentions:me --columns id,title,mentions

run plaintrack commit

printf '\nWhat happened before, as git tells it:\n'
run plaintrack log 7rrpba
run plaintrack history due 7rrpba
run plaintrack list 'changed:due>=-2w'
run plaintrack list is:overdue --at 2026-11-14
run plaintrack diff HEAD~8..HEAD

printf '\nTwo branches change one item; git merges them field by field:\n'
run plaintrack init --git
git add .gitattributes && git commit -qm 'git: merge items field by field'
run plaintrack start btfkm6 --branch
branch=$(git branch --show-current)
run plaintrack set btfkm6 priority=medium tags+=lte estimate=3d
run plaintrack commit
run git switch --quiet main
run plaintrack set btfkm6 priority=critical due=+9d
run plaintrack commit
run plaintrack branch
run git merge "$branch" || true
run plaintrack conflicts || true
run plaintrack conflicts --take ours
git add -A && git commit -qm 'merge the modem'
run plaintrack show btfkm6 --blame

printf '\nWho does what when, and why then:\n'
run plaintrack plan --weeks 5
run plaintrack plan --why qbs78p
run plaintrack list is:slipping --columns id,title,assignee,due,planned_end --limit 8
run plaintrack workload --planned --until +3w
printf '\nWhat went into it, and how far the estimates were off:\n'
run plaintrack time log xybp33 1h30m --at 2026-11-20 --note 'with Neuhaus on the phone'
run plaintrack time report --by project --from 2026-07-01
run plaintrack time accuracy
printf '\nWhat if Priya were ill for two weeks? And if Mateo took the detector meanwhile?\n'
run plaintrack plan --without priya:2026-11-24..2026-12-04
run plaintrack plan --without priya:2026-11-24..2026-12-04 --set 'qbs78p assignee=mateo' --set '9a2vfx assignee=mateo'
printf '\nShe does fall ill, and the van breaks down. A branch re-plans:\n'
run git switch --quiet -c replan
run plaintrack people priya 'leave+=2026-11-24..2026-12-04 sick'
run plaintrack equipment van 'maintenance+=2026-12-22..2027-01-08 gearbox'
run plaintrack set 9a2vfx qbs78p assignee=mateo
run plaintrack set r4e5sp s8wj8g assignee=jonas
git commit --quiet -am 'Priya is ill: Mateo takes the detector, Jonas the export'
run plaintrack check --since main...replan --format comment
git switch --quiet main && git merge --quiet --no-edit replan
run plaintrack plan --why qbs78p

printf '\nLast week, how long things take, and how much will be done by Friday of next week:\n'
run plaintrack report weekly --since 2026-11-16 --format text
run plaintrack metrics cycle-time --by type --from -180d
run plaintrack metrics velocity --from -180d
run plaintrack forecast --date 2026-12-04
printf '\nA page for the meeting, from reports/monday.md, and a site of everything:\n'
run plaintrack report monday --output html=monday.html
run plaintrack report site site

printf '\nThe scratch copy was %s; it is gone now. Your own: plaintrack init\n' "$scratch"
