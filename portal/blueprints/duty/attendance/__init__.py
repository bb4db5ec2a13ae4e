"""Attendance: who came when, who was late how often, what that deducts; a sheet a month (DR-17)."""
