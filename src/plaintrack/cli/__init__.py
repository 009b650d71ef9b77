"""The command line: the only room with click."""
