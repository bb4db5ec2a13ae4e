"""Customer cards: who somebody is to us, what was agreed, and the care that follows from it (CU-01, CU-02, RC-20)."""
