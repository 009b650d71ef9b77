"""The index: a SQLite cache of parsed items that can be deleted at any moment."""
