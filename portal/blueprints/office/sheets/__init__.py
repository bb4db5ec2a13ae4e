"""Excel in and out: the office's own kinds, and one page that leads to every kind there is."""
