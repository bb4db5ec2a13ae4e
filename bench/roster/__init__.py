"""Rosters measured: the published instances and our own offices, by the portal's own solver."""
