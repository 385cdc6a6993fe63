"""What the planning documents say: frozen models whose every fact carries file and line.

One module a document. A field is ``None`` (or empty) where the document does not state it;
values are kept as written (a severity outside the vocabulary is still a ``Fact[str]``), because
judging them is the audit's work, not the reader's.
"""
