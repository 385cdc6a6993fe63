"""Samples in Prometheus' text format, by its own client library."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.registry import Collector

from radeng_assets.telemetry.catalogue import METRICS, Metric
from radeng_assets.telemetry.samples import Sample

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

Family = CounterMetricFamily | GaugeMetricFamily | HistogramMetricFamily


class _Samples(Collector):
    def __init__(self, samples: Iterable[Sample]) -> None:
        self._samples: dict[str, list[Sample]] = {}
        for sample in samples:
            self._samples.setdefault(sample.metric, []).append(sample)

    def collect(self) -> Iterator[Family]:
        """One family for each metric of the catalogue that has a sample."""
        for metric in METRICS:
            if metric.name in self._samples:
                yield _family(metric, self._samples[metric.name])


def exposition(samples: Iterable[Sample]) -> bytes:
    """The answer of ``/metrics`` (``CONTENT_TYPE``)."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Samples(samples))
    return generate_latest(registry)


def _family(metric: Metric, samples: Sequence[Sample]) -> Family:
    if metric.kind == "histogram":
        histogram = HistogramMetricFamily(metric.name, metric.says, labels=metric.labels)
        for sample in samples:
            histogram.add_metric(sample.labels, _buckets(metric.buckets, sample.observed), sum(sample.observed))
        return histogram
    if metric.kind == "counter":
        family = CounterMetricFamily(metric.name.removesuffix("_total"), metric.says, labels=metric.labels)
    else:
        family = GaugeMetricFamily(metric.name, metric.says, labels=metric.labels)
    for sample in samples:
        family.add_metric(sample.labels, sample.value)
    return family


def _buckets(bounds: Sequence[float], observed: Sequence[float]) -> list[tuple[str, float]]:
    """(upper bound, how many are not above it), up to infinity."""
    counts = [0] * (len(bounds) + 1)
    for seconds in observed:
        counts[bisect_left(bounds, seconds)] += 1
    below = 0
    found: list[tuple[str, float]] = []
    for bound, count in zip((*map(str, bounds), "+Inf"), counts, strict=True):
        below += count
        found.append((bound, below))
    return found
