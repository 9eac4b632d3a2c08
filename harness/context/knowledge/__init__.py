"""Knowledge: passages of files, of a server, or of a retriever that somebody else has written."""
