"""The one writer: sessions, the journal, undo, rescue."""
