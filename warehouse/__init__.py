"""Bytes in, published warehouse out. Everything here is callable without Prefect."""
