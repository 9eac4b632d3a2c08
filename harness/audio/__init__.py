"""Clips, levels, signals and the two-channel recording of a call; no network, no models."""
