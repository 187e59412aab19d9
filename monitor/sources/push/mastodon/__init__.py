"""Mastodon and what speaks its API: a timeline's past by REST, its present by server-sent events."""
