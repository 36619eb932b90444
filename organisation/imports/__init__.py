"""Files of officers and units: read, compared with what is recorded, shown, and applied as a whole."""
