"""`make bench`: how fast the portal is, always beside a bare Flask page measured in the same run."""
