"""Technique cards: how to listen, ask, comfort, explain and confirm, by stage (PG-08)."""
