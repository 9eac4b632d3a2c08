"""The browser engine: a call through a page in real Chromium."""
