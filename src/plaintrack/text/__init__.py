"""The text of an item: reading it without surprises, editing it without touching the rest."""
