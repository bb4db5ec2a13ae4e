"""How long visits are kept, what is kept of one person, and who looked at a phone number (RC-20)."""
