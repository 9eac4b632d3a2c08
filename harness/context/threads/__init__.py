"""Threads that outlive a process: one SQLite file, or memory alone."""
