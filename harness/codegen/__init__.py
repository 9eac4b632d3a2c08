"""Scenarios written while a person talks and clicks: what was seen and said."""
