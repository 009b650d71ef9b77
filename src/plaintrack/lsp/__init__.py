"""The door for editors: the Language Server Protocol over the answers of ``app/editor``."""
