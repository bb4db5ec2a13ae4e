"""The handover of a post from one shift to the next: read, counted, signed by both or refused (DR-07 … DR-12)."""
