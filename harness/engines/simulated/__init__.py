"""The simulated engine: client and server joined in memory, faster than real time."""
