"""Letters, parcels, newspapers: taken in, passed on against a signature, the uncollected listed (RC-29)."""
