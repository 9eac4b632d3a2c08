"""Conversations beside the voice: what is asked in writing, answered by the same assistants."""
