"""A worker killed at any step of render → sign → store → notify leaves exactly one certificate and one file."""
