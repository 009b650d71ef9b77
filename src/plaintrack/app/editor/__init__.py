"""What an editor asks about the files it shows: places are offsets in characters of a text."""
