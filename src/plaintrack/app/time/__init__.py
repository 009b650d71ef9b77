"""Time records: timers, entries, timesheets."""
