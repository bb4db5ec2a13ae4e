"""Taboo phrases: the rules of the check by family, how one is proposed, and what they have caught (PG-04, PG-09, PG-11)."""
