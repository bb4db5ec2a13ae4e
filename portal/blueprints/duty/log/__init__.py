"""The shift log: what happened on duty, written down once and never changed (DR-02)."""
