"""The fixture pyramid: what is slow lives for the session, what has state for one test."""

from __future__ import annotations

from hypothesis import settings

# Machines that run tests are slow now and then; a test is not wrong because of it.
settings.register_profile("harness", deadline=None)
settings.load_profile("harness")
