"""Validation of client events and session settings, with the errors that a service gives."""
