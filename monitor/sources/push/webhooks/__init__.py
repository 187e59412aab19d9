"""Webhooks: sites that call us when a comment is written, each in its own dialect."""
