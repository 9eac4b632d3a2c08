"""HTTP of the server: authorisation, bodies, errors, client secrets, connection limits."""
