#!/usr/bin/env bash
# What the GitHub action runs; the variables are its inputs. It works in any shell with plaintrack on PATH.
set -euo pipefail
cd "${DIRECTORY:-.}"
summary=$(mktemp)
words=(--fail-on "${FAIL_ON:-error}" --output github --output "markdown=$summary")
[ -z "${SINCE:-}" ] || words+=(--since "$SINCE")
[ -z "${POLICY:-}" ] || words+=(--policy-from "$POLICY")
[ -z "${SARIF:-}" ] || words+=(--output "sarif=$SARIF")
code=0
plaintrack check "${words[@]}" ${QUERY:+-- "$QUERY"} || code=$?
{
  [ -z "${SINCE:-}" ] || plaintrack diff "$SINCE" --format markdown
  printf '\n'
  cat "$summary"
} > "$summary.comment"
[ -z "${GITHUB_STEP_SUMMARY:-}" ] || cat "$summary.comment" >> "$GITHUB_STEP_SUMMARY"
[ -z "${COMMENT:-}" ] || cp "$summary.comment" "$COMMENT"
rm -f "$summary" "$summary.comment"
exit "$code"
