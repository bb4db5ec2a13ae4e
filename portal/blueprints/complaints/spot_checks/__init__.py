"""The quarter's sample of solved matters, called again by the head and rated by another department (CP-23, CP-32)."""
