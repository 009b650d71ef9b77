"""Findings as the editor's diagnostics."""

from typing import TYPE_CHECKING, Any

from lsprotocol import types as lsp

from plaintrack.lsp.texts import Text

if TYPE_CHECKING:
    from plaintrack.lsp.server import Server

SEVERITIES = {
    "error": lsp.DiagnosticSeverity.Error,
    "warning": lsp.DiagnosticSeverity.Warning,
    "note": lsp.DiagnosticSeverity.Information,
}


def diagnostic(server: "Server", text: Text, finding: Any, explained: str) -> lsp.Diagnostic:
    """One finding at its place; ``explained`` is what its check is for, in a sentence."""
    start = text.place(finding.line, finding.column)
    end = text.place(finding.line, finding.end) if finding.end else text.end(finding.line)
    message = "\n".join(filter(None, (finding.message, finding.hint, explained)))
    return lsp.Diagnostic(
        server.range(text, start, max(start, end)),
        message,
        severity=SEVERITIES[finding.severity],
        code=finding.code,
        source="plaintrack",
        data={"key": finding.key, "name": finding.name},
    )
