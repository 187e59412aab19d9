"""Asking other people's servers: politely, within limits, and never into a private network."""
