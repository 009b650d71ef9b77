"""Draws documents; knows no tasks."""
