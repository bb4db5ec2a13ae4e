"""Who is on duty now: the page, and the wall, a big screen that everybody in the room can read."""
