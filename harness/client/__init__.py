"""The client of a Realtime call for any program: session, peer connection and HTTP, joined."""
