"""What the product does, step by step, with its outside world passed in as ports."""
