"""What the desk keeps and lends: deposits against a tag (RC-27), keys and goods passes (RC-26)."""
