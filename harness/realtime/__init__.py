"""The OpenAI Realtime protocol, shared by client and server: no I/O, no clock, no asyncio."""
