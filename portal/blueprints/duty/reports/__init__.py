"""The daily work report of a department, and what weeks and months add up to (DR-18)."""
