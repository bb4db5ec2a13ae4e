"""The category matrix as a page: everybody reads it, the general office changes it (RC-01)."""
