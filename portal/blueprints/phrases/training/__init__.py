"""Training: the year's plan, sessions with attendance, quizzes, needs, records (GO-02)."""
