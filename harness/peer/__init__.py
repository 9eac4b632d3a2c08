"""WebRTC engines behind one small interface."""
