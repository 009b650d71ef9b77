"""Pure: when each activity is worked on, by whom and with what, and why then.

Time is counted in whole *slots* of a day (half an hour, say) from the first slot of the plan's
first day; ``slots_per_day`` of them are a day, slot 0 of a day is its start of work. Calendar
time counts all slots, working time those of a calendar. A start is the first slot worked, an end
the slot after the last. All numbers are integers, and all orders are documented, so that a plan
is the same on every machine.

``problem`` holds the values, ``capacity`` the time axis, ``network`` the critical path,
``serial`` places one activity after the other, ``genetic`` searches for the earliest end,
``schedule`` makes a plan of it, ``explain`` says why each activity starts when it does.
"""
