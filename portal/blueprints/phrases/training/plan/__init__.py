"""The year's plan of training, line by line (GO-02)."""
