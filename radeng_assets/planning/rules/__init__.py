"""The audit's rules: one file for each rule, one folder for each family. Adding a rule touches nothing else.

A rule's file holds its check, a pure function over the located documents, and ``RULE``. What several rules
need stands beside them: ``rule`` (what a rule is), ``documents`` (what they look at), ``statements`` (what one says
against
the other), ``words`` (when two titles mean the same). ``book`` finds them all.
"""
