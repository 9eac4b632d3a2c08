"""Voice protocols: what the messages of a call mean, an adapter a protocol."""
