"""From a certificate row to the bytes of its PDF."""
