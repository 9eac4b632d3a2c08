"""Engines, which hold a call: a page in a browser, a native peer, a simulated one in memory."""
