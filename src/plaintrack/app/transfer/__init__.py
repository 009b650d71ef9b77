"""Import from and export to other programs: the codecs of ``exchange``, and the one writer."""
