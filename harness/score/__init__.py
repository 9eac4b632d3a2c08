"""Numbers and verdicts on a call, from what was recorded: pure functions, no clock, no I/O.

One definition of each number and each verdict, used by the running call, the scenario and the
report alike.
"""
