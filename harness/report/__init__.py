"""The report of a run: numbers, verdicts and a page to look at, from the trace alone."""
