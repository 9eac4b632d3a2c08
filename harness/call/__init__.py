"""A voice call through a page: say, hear, expect; everything on one timeline."""
