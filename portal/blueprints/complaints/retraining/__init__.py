"""Training that a closed case or an improvement case asks for (GO-02)."""
