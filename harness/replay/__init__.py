"""Recordings of calls as scenarios that speak the caller's own samples, with the old numbers."""
