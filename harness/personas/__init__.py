"""Callers that think: a language model speaks for a person with a goal, and another one judges."""
