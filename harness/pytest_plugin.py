"""Fixtures for voice tests, beside pytest-playwright's own."""
