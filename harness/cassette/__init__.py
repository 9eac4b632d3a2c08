"""Cassettes: a whole session kept as text and sound, and answered from again."""
