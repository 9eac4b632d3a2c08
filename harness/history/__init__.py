"""Histories: what became of every scenario over many runs, in one file."""
