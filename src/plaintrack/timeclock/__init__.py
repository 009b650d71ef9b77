"""Time records as values: entries, what they add up to, and the text they stand in. Pure."""
