"""`python -m monitor` is `comment-monitor`."""

from monitor.cli import main

main()
