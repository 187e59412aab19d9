"""The commands that need Kafka, found through the entry points `comment_monitor.commands`."""
