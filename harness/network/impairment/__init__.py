"""The model of a bad network: what becomes of each packet, by time and lot, without a socket."""
