"""What training the records of a person show (GO-02)."""
