"""The local Realtime server: HTTP, calls, assistants, faults and processes around the protocol."""
