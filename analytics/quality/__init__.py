"""What the registry's data manager reads: the validation report and the lists to send to a centre."""
