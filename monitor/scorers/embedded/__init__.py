"""The default scorer: a model of our own, small, fast, and in numpy alone. See its README, the model card."""
