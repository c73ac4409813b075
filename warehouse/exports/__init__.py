"""Exports: a refresh in the form of another standard, each with a manifest and an account of what stayed behind."""
