"""Taboo phrases: the rules by family, how one is proposed, what they have caught (PG-04, PG-09, PG-11)."""
