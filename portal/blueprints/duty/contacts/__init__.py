"""Whom to call: maintainers and suppliers by system (DR-15)."""
