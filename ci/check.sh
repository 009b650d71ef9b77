#!/usr/bin/env bash
# What the GitHub action runs; the variables are its inputs. It works in any shell with plaintrack on PATH.
set -euo pipefail
for name in SARIF COMMENT; do # they are seen from where the action starts
  case "${!name:-}" in '' | /*) ;; *) printf -v "$name" '%s/%s' "$PWD" "${!name}" ;; esac
done
cd "${DIRECTORY:-.}"
said=$(mktemp)
trap 'rm -f "$said" "$said.signers"' EXIT
words=(--fail-on "${FAIL_ON:-error}" --output github --output "comment=$said")
[ -z "${SINCE:-}" ] || words+=(--since "$SINCE")
[ -z "${POLICY:-}" ] || words+=(--policy-from "$POLICY")
[ -z "${SARIF:-}" ] || words+=(--output "sarif=$SARIF")
[ -z "${GITHUB_REPOSITORY:-}" ] || words+=(--links "${GITHUB_SERVER_URL:-https://github.com}/$GITHUB_REPOSITORY/blob/${GITHUB_SHA:-HEAD}/")
signers=.allowed_signers # of the base, so that a pull request does not bring its own key
if [ -n "${POLICY:-}" ] && git cat-file -e "$POLICY:$signers" 2>/dev/null; then
  git cat-file blob "$POLICY:$signers" > "$said.signers"
  export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=gpg.ssh.allowedSignersFile GIT_CONFIG_VALUE_0="$said.signers"
fi
code=0
plaintrack --fetch check "${words[@]}" ${QUERY:+-- "$QUERY"} || code=$?
[ -z "${GITHUB_STEP_SUMMARY:-}" ] || cat "$said" >> "$GITHUB_STEP_SUMMARY"
[ -z "${COMMENT:-}" ] || cp "$said" "$COMMENT"
exit "$code"
