"""The command line: arguments in, exit codes out.

Results go to standard output; progress, messages and errors to standard error. Everything heavy
(pydantic, numpy, the browser, speech models) is imported by the command that needs it, so that
``harness --help`` answers at once.

    0    every expectation held (or the command did what it says)
    1    a conversation ran, and an expectation did not hold
    2    the command line, a file or a value is wrong; nothing was run
    3    the environment: no browser, no server, a broken call, a full disk
    130  Ctrl-C (143: SIGTERM, 129: SIGHUP); what was recorded until then is kept
"""
