"""Jira's words in four languages: columns, months, durations."""

import re
from datetime import datetime

from plaintrack.exchange.changes import Change, worked
from plaintrack.exchange.source import iso

LINKED = {
    "en": ("Issue key", "Summary"),
    "de": ("Vorgangsschlüssel", "Zusammenfassung"),
    "fr": ("Clé de ticket", "Résumé"),
    "es": ("Clave de incidencia", "Resumen"),
}
"""Language → the columns that tell it."""

COLUMNS = {
    "en": {},
    "de": {
        "Vorgangsschlüssel": "Issue key",
        "Vorgangs-ID": "Issue id",
        "Zusammenfassung": "Summary",
        "Beschreibung": "Description",
        "Vorgangstyp": "Issue Type",
        "Priorität": "Priority",
        "Lösung": "Resolution",
        "Bearbeiter": "Assignee",
        "Zugewiesene Person": "Assignee",
        "Autor": "Reporter",
        "Stichwörter": "Labels",
        "Fälligkeitsdatum": "Due date",
        "Erstellt": "Created",
        "Erledigt": "Resolved",
        "Aktualisiert": "Updated",
        "Kommentar": "Comment",
        "Kommentare": "Comment",
        "Übergeordnet": "Parent",
        "Übergeordnete ID": "Parent id",
        "Ursprüngliche Schätzung": "Original estimate",
        "Arbeitsprotokoll": "Log Work",
        "Verbleibende Schätzung": "Remaining Estimate",
        "Zeitaufwand": "Time Spent",
        "Lösungsversion(en)": "Fix versions",
        "Projektname": "Project name",
        "Benutzerdefinierte Felder (Epic Link)": "Custom field (Epic Link)",
    },
    "fr": {
        "Clé de ticket": "Issue key",
        "ID de ticket": "Issue id",
        "Résumé": "Summary",
        "Type de ticket": "Issue Type",
        "État": "Status",
        "Statut": "Status",
        "Priorité": "Priority",
        "Résolution": "Resolution",
        "Responsable": "Assignee",
        "Personne assignée": "Assignee",
        "Rapporteur": "Reporter",
        "Étiquettes": "Labels",
        "Date d'échéance": "Due date",
        "Création": "Created",
        "Créé": "Created",
        "Résolu": "Resolved",
        "Résolue": "Resolved",
        "Mise à jour": "Updated",
        "Commentaire": "Comment",
        "Commentaires": "Comment",
        "Parent": "Parent",
        "ID parent": "Parent id",
        "Estimation originale": "Original estimate",
        "Estimation initiale": "Original estimate",
        "Journal de travail": "Log Work",
        "Estimation restante": "Remaining Estimate",
        "Temps passé": "Time Spent",
        "Versions corrigées": "Fix versions",
        "Nom du projet": "Project name",
    },
    "es": {
        "Clave de incidencia": "Issue key",
        "ID de la incidencia": "Issue id",
        "Resumen": "Summary",
        "Descripción": "Description",
        "Estado": "Status",
        "Tipo de Incidencia": "Issue Type",
        "Tipo de incidencia": "Issue Type",
        "Prioridad": "Priority",
        "Resolución": "Resolution",
        "Persona asignada": "Assignee",
        "Responsable": "Assignee",
        "Informador": "Reporter",
        "Etiquetas": "Labels",
        "Fecha de vencimiento": "Due date",
        "Creada": "Created",
        "Creado": "Created",
        "Resuelta": "Resolved",
        "Resuelto": "Resolved",
        "Actualizada": "Updated",
        "Comentario": "Comment",
        "Comentarios": "Comment",
        "Principal": "Parent",
        "Estimación original": "Original estimate",
        "Registro de trabajo": "Log Work",
        "Estimación Restante": "Remaining Estimate",
        "Tiempo dedicado": "Time Spent",
        "Versiones corregidas": "Fix versions",
        "Nombre del proyecto": "Project name",
    },
}
"""Language → its name of a column → Jira's English one."""

_MONTHS = {
    name: number
    for names in (
        "jan feb mar apr may jun jul aug sep oct nov dec",
        "jan feb mär apr mai jun jul aug sep okt nov dez",
        "janv févr mars avr mai juin juil août sept oct nov déc",
        "ene feb mar abr may jun jul ago sep oct nov dic",
    )
    for number, name in enumerate(names.split(), 1)
}
_WORDS = re.compile(r"(\d\d?)[/ .-]+([^\W\d]+)\.?[/ .-]+(\d{4}|\d\d)(?:,? +(.*))?")
_SIGNS = re.compile(r"(\d\d?)([./])(\d\d?)[./](\d{4}|\d\d)(?:,? +(.*))?")
_CLOCK = re.compile(r"(\d\d?):(\d\d)(?::(\d\d))?(?: ?([ap])\.? ?m\.?)?", re.IGNORECASE)


def order(text: str) -> str:
    """What comes first in a date such as ``6/21/2025``: ``month`` or ``day``; ``either`` where it
    may be both, empty for a date of another form.
    """
    signs = _SIGNS.fullmatch(text.strip())
    if signs is None or signs[2] != "/":
        return ""
    one, two = int(signs[1]), int(signs[3])
    return "month" if two > 12 else "day" if one > 12 else "either"


def moment(text: str, american: bool = False) -> datetime | None:
    """A date and time as Jira writes them: ``27/Nov/26 10:15 AM``, ``27.11.2026 10:15``, in ISO
    8601; days come before months, unless dates with slashes are ``american``. None if it is none.
    """
    text = text.strip()
    words, signs = _WORDS.fullmatch(text), _SIGNS.fullmatch(text)
    if words:
        month = _MONTHS.get(words[2].lower(), 0)
        return _moment(words[3], month, words[1], words[4])
    if signs and signs[2] == "/" and american:
        return _moment(signs[4], int(signs[1]), signs[3], signs[5])
    if signs:
        return _moment(signs[4], int(signs[3]), signs[1], signs[5])
    return iso(text)


def _moment(year: str, month: int, day: str, clock: str | None) -> datetime | None:
    hours = minutes = seconds = 0
    if clock:
        found = _CLOCK.fullmatch(clock.strip())
        if found is None:
            return None
        hours, minutes, seconds = int(found[1]), int(found[2]), int(found[3] or 0)
        if found[4]:
            hours = hours % 12 + (12 if found[4].lower() == "p" else 0)
    try:
        whole = int(year) + (2000 if len(year) == 2 else 0)
        return datetime(whole, month, int(day), hours, minutes, seconds)
    except ValueError:
        return None


def spent(field: str, text: str, told: list[Change]) -> str:
    """Seconds of work as a duration, in hours and minutes; empty for none."""
    if not text.isascii() or not text.isdigit():
        return ""
    return worked(field, int(text) / 60, told)
