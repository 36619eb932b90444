"""Pages of certificates: the owner's, the public's, SDM's."""
