"""Improvement cases: what a complaint taught, planned, carried out, and confirmed by somebody else (CP-21, CP-22)."""
