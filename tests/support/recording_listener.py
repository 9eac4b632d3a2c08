"""The package's own recording listener, by the name tests know."""

from harness.peer.recording_listener import RecordingListener

__all__ = ["RecordingListener"]
