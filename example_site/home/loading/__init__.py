"""Loads the example through the same acts and doors that people use."""
