"""The calls that customers are owed: promises, follow-ups, first contacts on one page (CP-12, CP-15, CP-18)."""
