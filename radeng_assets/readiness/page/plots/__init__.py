"""Plots as inline SVG, one module each: figures in, markup out, the same bytes for the same figures.

Our own and no library: pygal (LGPL) wants a script from the network and draws under random ids, the others are as large
as the product. A plot here has a title and a description for those who cannot see it, takes its colours from the
page's style sheet, and needs no script.
"""
