"""The dialects, one a file; `monitor.sources.push.webhooks.reading` lists them."""
