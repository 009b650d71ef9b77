"""One codec a file for the formats of other programs: values in, bytes out; pure."""
