"""Dates and durations as people type them."""
