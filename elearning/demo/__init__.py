"""Invented people and their history, so that no screen of the demonstration is empty. Never loaded elsewhere."""
