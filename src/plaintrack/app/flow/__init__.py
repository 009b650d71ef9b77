"""How the work flows: the Series of a branch, metrics, forecasts, value against a baseline."""
