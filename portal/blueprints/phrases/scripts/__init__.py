"""Guided scripts: a conversation step by step, its branches, what is noted along the way (PG-06, PG-08, PG-12)."""
