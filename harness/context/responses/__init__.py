"""The Responses API, server side: requests, items, the resource and its events, without I/O."""
