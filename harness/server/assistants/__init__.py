"""Assistants that a server can be started with: language models, plug-ins, and the choice."""
