"""The query language: text, syntax tree, bound question, answer."""
