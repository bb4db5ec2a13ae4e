"""Departments, the positions held in them, and which category of matter goes where."""
