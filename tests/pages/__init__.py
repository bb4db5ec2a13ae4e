"""The portal's pages as people use them; the stories are written in their words."""
