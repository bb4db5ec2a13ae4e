"""Checklists of a shift: at its start, at its end, when the post closes for the day (DR-03, DR-14, DR-20)."""
