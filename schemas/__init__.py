"""What the data must be: tables, code lists, rules and a centre's configuration. No I/O but its own files."""
