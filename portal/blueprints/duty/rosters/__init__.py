"""Rosters: who takes which shift (DR-01, DR-06, DR-21)."""
