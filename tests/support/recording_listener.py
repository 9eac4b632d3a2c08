"""The package's own recording listener, by the name tests know."""

from harness.testing.recording_listener import RecordingListener

__all__ = ["RecordingListener"]
