"""How the work flows: what became of every item, folded once from history; metrics and forecasts of
it. Pure.
"""
