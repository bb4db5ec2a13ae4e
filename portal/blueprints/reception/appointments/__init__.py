"""Appointments: recurring ones, passes and calendar entries, who did not come, who is expected soon (RC-19, RC-07)."""
