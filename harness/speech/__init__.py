"""Detection, recognition and synthesis of speech, each behind a small protocol."""
