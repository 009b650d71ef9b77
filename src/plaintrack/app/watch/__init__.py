"""Looks again after every change, and keeps the index true."""
