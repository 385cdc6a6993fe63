"""The attack: faults seeded one at a time into a READY product, and clean twins that must leave it READY.

``state`` is the READY example, copied for each trial; ``trial`` says what a fault and a twin are and what must come of
them; ``faults/`` has the faults by what they touch, ``twins`` the twins, ``book`` joins them. ``python -m
radeng_assets_tests.truth`` prints the table and the two rates.
"""
