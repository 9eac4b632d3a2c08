"""Calls on the server: transports, the runner of a session, its jobs, the registry of all."""
