"""Bluesky's Jetstream: all that is posted on the network, as JSON over a WebSocket."""
