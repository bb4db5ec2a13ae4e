"""When the company works: weekly hours, holidays, make-up days, days of its own."""
