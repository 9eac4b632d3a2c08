"""Tool servers (MCP) of contexts: the harness starts or reaches them, beside a call."""
