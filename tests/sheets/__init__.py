"""Excel out and in."""
