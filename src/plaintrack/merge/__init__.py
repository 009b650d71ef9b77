"""The merge of two edits of one item, field by field; pure: three texts in, one text out."""
