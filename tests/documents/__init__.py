"""Documents with editions: proposed, approved, replaced, confirmed."""
