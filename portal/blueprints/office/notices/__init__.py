"""The notice board as the general office keeps it (GO-01, GO-04)."""
