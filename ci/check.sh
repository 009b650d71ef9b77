#!/usr/bin/env bash
# What the GitHub action runs; the variables are its inputs. It works in any shell with plaintrack on PATH.
set -euo pipefail
for name in SARIF COMMENT; do # they are seen from where the action starts
  case "${!name:-}" in '' | /*) ;; *) printf -v "$name" '%s/%s' "$PWD" "${!name}" ;; esac
done
cd "${DIRECTORY:-.}"
said=$(mktemp)
trap 'rm -f "$said"' EXIT
words=(--fail-on "${FAIL_ON:-error}" --output github --output "comment=$said")
[ -z "${SINCE:-}" ] || words+=(--since "$SINCE")
[ -z "${POLICY:-}" ] || words+=(--policy-from "$POLICY")
[ -z "${SARIF:-}" ] || words+=(--output "sarif=$SARIF")
[ -z "${GITHUB_REPOSITORY:-}" ] || words+=(--links "${GITHUB_SERVER_URL:-https://github.com}/$GITHUB_REPOSITORY/blob/${GITHUB_SHA:-HEAD}/")
code=0
plaintrack --fetch check "${words[@]}" ${QUERY:+-- "$QUERY"} || code=$?
[ -z "${GITHUB_STEP_SUMMARY:-}" ] || cat "$said" >> "$GITHUB_STEP_SUMMARY"
[ -z "${COMMENT:-}" ] || cp "$said" "$COMMENT"
exit "$code"
