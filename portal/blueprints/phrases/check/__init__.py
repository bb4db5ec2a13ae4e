"""The live check: a text for a customer is looked at while it is typed, and any text by who wants to know (PG-04)."""
