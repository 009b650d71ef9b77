"""What would be if: comparisons of plans, scenarios, and dates that are agreed on."""
