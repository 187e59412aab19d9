"""Models that measure comments: language and toxicity."""
