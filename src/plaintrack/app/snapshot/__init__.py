"""The work at one moment, and every question about it."""
