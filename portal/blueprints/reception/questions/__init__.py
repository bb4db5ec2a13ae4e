"""The question log: answered at once or asked inside, never guessed, and written down for later (RC-22)."""
