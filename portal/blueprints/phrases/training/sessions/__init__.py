"""Sessions of training: invitation, attendance, reflection (GO-02)."""
