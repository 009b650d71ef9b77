"""The checks: what can be wrong with the work, as pure functions over one snapshot; and the Report
that every output format writes.
"""
