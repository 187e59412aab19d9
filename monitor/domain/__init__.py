"""The vocabulary of the product as frozen values; standard library only.

Nothing here reads a clock, a file or a socket: times and counts come in as arguments.
"""
