"""What is kept of people: the register, terms, one person's data, who looked (RC-20)."""
