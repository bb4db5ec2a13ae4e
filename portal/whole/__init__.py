"""The whole portal out of one database into a file that anybody can read, and from it into an empty portal."""
