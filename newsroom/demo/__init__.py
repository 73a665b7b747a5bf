"""The content of the demo newspaper; manage.py demo loads it."""
