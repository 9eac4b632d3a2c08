"""The pytest plugin: fixtures for calls and servers, options, artifacts of failed tests."""
