"""The daily register: compiled, reviewed by the superior, archived and locked (RC-17)."""
