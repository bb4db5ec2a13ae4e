"""The kiosk: a tablet in the lobby on which visitors announce themselves (RC-18, RC-20, RC-23)."""
