"""Lines, the ends of calls, and what all of them speak: audio frames, envelopes, pacing."""
