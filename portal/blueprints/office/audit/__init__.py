"""What happened, by whom, to what; for those who may read it."""
