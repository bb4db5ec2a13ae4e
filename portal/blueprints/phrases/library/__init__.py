"""The phrase library: the right line by moment, channel, matter, stage and customer (PG-03, PG-05, PG-13)."""
