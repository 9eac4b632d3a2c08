"""The client's side of the Realtime protocol: a session that takes events and gives commands."""
