"""Responses that are under way on this server, and those it keeps."""
