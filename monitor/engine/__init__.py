"""The rule engine: reads rules, judges comments, counts matches in windows.

No I/O, no clock, no randomness, no logging, no metrics: texts, times and states come in as
arguments, verdicts and alerts go out as values.
"""
