"""Event streams: one writer, many readers, and expectations with a deadline."""
