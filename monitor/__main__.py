"""`python -m monitor` is `comment-monitor`."""

from monitor.cli import main

if __name__ == "__main__":  # a process that multiprocessing spawns imports this file too
    main()
