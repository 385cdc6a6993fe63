"""What tests of a file say, one language a file.

Each module has ``SUFFIXES`` and ``read``, and ``failing`` where it can write a test that fails.
"""
