"""Return visits by plan, what customers say there, and the monthly report (CU-03)."""
