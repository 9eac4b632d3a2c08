"""The server's side of the Realtime protocol: a session of turns, responses and items."""
