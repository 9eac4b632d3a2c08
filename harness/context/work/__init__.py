"""Work that is done for a context while a call goes on: its tools, whoever does them."""
