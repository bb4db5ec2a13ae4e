"""The meeting arrangement form as a sheet: the same record as the visit (RC-04, GO-01)."""
