"""The demo company: people, customers and a year of cases, the same on every machine."""
