"""Our own figures, beside the alternatives, measured in one run."""
