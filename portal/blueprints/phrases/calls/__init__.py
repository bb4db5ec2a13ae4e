"""The call screen: from the ring to the record, without typing anything twice (PG-01, PG-02)."""
