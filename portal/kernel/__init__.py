"""What every area needs and that knows no area."""
