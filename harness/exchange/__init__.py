"""Exchange: calls as files for others, and files of other tools as calls."""
