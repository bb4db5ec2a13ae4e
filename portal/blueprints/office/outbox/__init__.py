"""What left the house, what waits, what failed; the general office sends again or gives up."""
