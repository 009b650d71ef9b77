"""The settings of a workspace: one table of defaults, validation and documentation."""
