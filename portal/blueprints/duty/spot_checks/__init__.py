"""Unannounced checks of whoever is on duty, by the head, and what comes of them (DR-05)."""
