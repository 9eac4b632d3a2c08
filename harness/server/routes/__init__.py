"""Routes of the server's HTTP API, one module for each family of them."""
