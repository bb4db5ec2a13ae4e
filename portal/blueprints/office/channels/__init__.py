"""By which ways messages leave the house: the mail server, and the robots of the chat services."""
