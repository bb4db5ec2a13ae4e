"""Customer types: five cards for five kinds of upset customer (PG-07)."""
