"""``python -m plaintrack``."""

from plaintrack.cli.main import main

main()
