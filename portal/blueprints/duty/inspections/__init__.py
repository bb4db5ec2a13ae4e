"""Inspections: plans by day, week and month, and the rounds that are made of them (DR-13, DR-19)."""
