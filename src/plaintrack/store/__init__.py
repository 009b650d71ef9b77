"""The outside world: files, locks, the clock and the index."""
