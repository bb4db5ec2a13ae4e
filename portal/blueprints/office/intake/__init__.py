"""Tokens by which programs record cases: a hotline's or the WeChat account's gateway (CP-01)."""
