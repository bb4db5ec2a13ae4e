"""Swaps: a shift offered, taken, approved; a running one taken over at once (DR-21)."""
