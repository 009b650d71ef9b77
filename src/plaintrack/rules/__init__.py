"""Automations, pure: rule files, what triggers them, and what their actions ask for."""
