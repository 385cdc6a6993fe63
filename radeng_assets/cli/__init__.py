"""The command line: flags in, documents and tables out. Each verb is one module."""
