"""The product without Kafka: domain, rule engine, sources, scorers, notifiers, command line."""
