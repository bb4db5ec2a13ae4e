"""Quizzes: drawn from what is in force, taken, marked (GO-02)."""
