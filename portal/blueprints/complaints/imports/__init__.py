"""Cases from an Excel workbook (CP-01)."""
