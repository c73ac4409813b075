"""The commands of `sarcreg`, a module for each subject; slow libraries are imported inside a command."""
