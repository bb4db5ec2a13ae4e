"""The case list as a workbook."""
