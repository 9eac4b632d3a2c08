"""Suites: many scenarios, chosen, repeated, in parallel, with one page over all of them."""
