"""What somebody is to be trained in, asked for by other parts of the portal (GO-02)."""
