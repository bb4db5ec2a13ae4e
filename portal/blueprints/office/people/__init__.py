"""People: who they are, what they may, whether they can log in."""
