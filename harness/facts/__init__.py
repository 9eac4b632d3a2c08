"""Facts that a trace holds, as classes: one for each type, with a documented line a field.

`call` and `steps` are what the harness did and heard, `browser` what the browser says of the page,
`page`, `media`, `connection` and `sockets` what the probe in it tells, `dialogue` what the protocol
means, `server` what a server did. `catalogue` reads them back from data.
"""
