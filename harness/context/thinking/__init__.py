"""Long thinking: work that takes longer than a conversation waits, by whoever can do it."""
