"""Service standards: chapters whose checklists are run and recorded (PG-10, PG-12, PG-14, PG-15)."""
