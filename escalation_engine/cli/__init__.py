"""The command line: it parses, calls and prints. `main` has the commands, one module each."""
