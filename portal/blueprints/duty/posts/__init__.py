"""What rosters are made of: posts, shift kinds, needs, who is qualified, how long each may work (DR-01, DR-06)."""
