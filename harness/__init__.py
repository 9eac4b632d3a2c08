"""The harness for web pages that talk."""

__version__ = "0.1.0"
