"""The server's side of GPT-Live, a voice protocol in full duplex: no clock, no loop, no socket."""
