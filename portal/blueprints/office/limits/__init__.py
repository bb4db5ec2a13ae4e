"""Every figure of the regulations, with its date in force (GO-05)."""
