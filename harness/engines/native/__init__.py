"""The native engine: a call over real WebRTC, held by Python instead of a page."""
