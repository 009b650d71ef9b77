"""The core API: what every door may ask, one verb per file."""
