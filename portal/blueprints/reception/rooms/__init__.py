"""Reception places: their calendars, blocks, checks, and the office's own record of them."""
