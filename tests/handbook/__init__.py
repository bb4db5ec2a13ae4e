"""The handbook: clauses, their figures, what would have been, their editions, the links to them."""
