"""The solver of rosters: in a process of its own, from prices, whole personal rosters and windows solved again."""
