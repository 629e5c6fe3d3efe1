"""The steps of the set-up, one file each, in plain Python without packages."""
