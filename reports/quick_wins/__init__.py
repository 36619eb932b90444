"""Quick Wins Presisi: what a period and its activities reached in a unit, and the report that is handed up about it."""
