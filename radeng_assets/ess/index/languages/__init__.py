"""One file for each language that is read by its syntax tree. A new language is one new file with ``LANGUAGE``.

Tree-sitter's queries say what a definition, a call or an import is; the names of their captures are those of
``ess.index.language``.
"""
