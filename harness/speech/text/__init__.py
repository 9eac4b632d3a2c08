"""Written text made ready to be spoken: sentences, numbers, and what is no word."""
