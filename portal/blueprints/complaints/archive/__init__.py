"""The archive: what was put away, how long it is kept, and how a locked record is corrected (CP-19, CP-20)."""
