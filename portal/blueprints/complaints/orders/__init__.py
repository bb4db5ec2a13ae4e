"""Service orders: the repair or the installation that a case leads to (CP-30)."""
