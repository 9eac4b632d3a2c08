"""Findings: what is wrong with a call, read from the events of its trace."""
