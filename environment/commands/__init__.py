"""The commands a reader types, one file each."""
