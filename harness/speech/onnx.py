"""ONNX Runtime, imported so that it tells nobody.

Its official builds from 1.29 on report to their maker by default, also on Linux and macOS: about
the machine, and about every model that is loaded. The variable is the one switch that is complete,
and it is read once, when the runtime is first imported. So nothing in the harness imports
onnxruntime but through here.
"""

from __future__ import annotations

import importlib
import os
import sys
from typing import Any

PACKAGE = "onnxruntime"
SILENCE_VARIABLE = "ORT_DISABLE_TELEMETRY"


def import_onnxruntime() -> Any:
    """The module ``onnxruntime``.

    Where somebody else has imported it before, without the variable, it is told to be silent from
    now on; what it said at its start was said.

    Raises:
        ImportError: it is not installed.
    """
    was_imported = PACKAGE in sys.modules
    os.environ[SILENCE_VARIABLE] = "1"
    runtime = importlib.import_module(PACKAGE)
    if was_imported:
        runtime.disable_telemetry_events()
    return runtime


def session_options(runtime: Any, threads: int = 1) -> Any:
    """Options for a session that computes on so many threads, none of which waits by spinning."""
    options = runtime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    return options
