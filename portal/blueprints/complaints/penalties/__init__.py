"""Penalties: from the proposal to the last instalment (CP-24, CP-32)."""
