"""plaintrack: work management in plain text, inside git."""

__version__ = "0.1.0"
