"""The benchmark is run by `make bench`; pytest must neither collect it nor import the peers."""

collect_ignore_glob = ["*.py"]
