"""What is seen of a run: log lines, metrics and traces, all made from the record, and whether the service is sound.

Nothing here is measured or written while work goes on. The ledger, the broker's books and the agents' journals say
what happened and when; ``course`` makes activities of them, and lines, samples and spans are made of those. So the
three agree in their counts, survive whatever kills a process, and can be made again later.
"""
