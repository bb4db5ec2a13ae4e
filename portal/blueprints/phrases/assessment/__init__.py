"""Assessment: a period, the ratings of everybody in it, the weighted score and what follows of it (GO-03)."""
