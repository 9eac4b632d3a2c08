"""Assistants that need nothing from outside: a script, an echo, and their interface."""
