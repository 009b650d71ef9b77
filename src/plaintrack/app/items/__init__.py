"""What people do to items: one verb a file."""
