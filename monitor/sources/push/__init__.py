"""Sources that tell by themselves: event streams, WebSockets and webhooks."""
