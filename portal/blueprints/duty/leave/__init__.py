"""Leave with a substitute who accepts and the head who approves; absences; shifts taken over (DR-04)."""
