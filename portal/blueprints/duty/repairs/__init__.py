"""Repair orders: registered, assigned, done, checked again, accepted with a signature (DR-13)."""
