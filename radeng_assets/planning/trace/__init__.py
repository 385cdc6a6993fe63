"""Which part of the plan answers which gap, risk and criterion.

``links`` holds what somebody wrote down, ``coverage`` what of it counts, ``success`` the README's criteria,
``suggest`` guesses that never count, ``matrix`` all of it together, and ``table`` the matrix as text.
"""
