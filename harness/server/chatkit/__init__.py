"""ChatKit on this server: the threads it keeps, and who may see them."""
