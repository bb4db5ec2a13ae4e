"""Cases that programs hand over: the hotline's or the WeChat account's gateway (CP-01)."""
