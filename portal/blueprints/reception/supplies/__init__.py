"""Supplies of reception: stock by movement, what a visit used, purchase requests (RC-15)."""
