"""Meals and lodging around a visit (RC-12)."""
