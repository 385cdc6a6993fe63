"""Giving spans to an OpenTelemetry collector, over OTLP/HTTP, as OpenTelemetry's own variables say.

The only module that knows OpenTelemetry's SDK, which is an extra (``pip install radeng-assets[otel]``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING

from radeng_assets.evidence.envelope import Producer
from radeng_assets.telemetry.spans import Span

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import ReadableSpan

ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")

TIMEOUT_S = 10.0
"""For how long (s) a batch may take, tries included; a run does not wait longer for whoever looks at it."""

BATCH = 512
"""Spans of one request: OpenTelemetry's own default."""

EXTRA = "traces need OpenTelemetry: pip install 'radeng-assets[otel]'"


class NoExporter(Exception):  # noqa: N818  # named for what is missing
    """The extra is not installed; the message says how."""


def wanted(environ: Mapping[str, str]) -> bool:
    """Whether traces are to be given away at all: an endpoint is named, and OpenTelemetry is not switched off."""
    disabled = environ.get("OTEL_SDK_DISABLED", "").strip().lower() == "true"
    return not disabled and any(environ.get(name, "").strip() for name in ENDPOINTS)


def give(spans: Collection[Span]) -> bool:
    """Send spans; whether all of them arrived. Address, headers and certificates are OpenTelemetry's settings.

    Raises ``NoExporter``.
    """
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.trace.export import SpanExportResult
    except ImportError:
        raise NoExporter(EXTRA) from None
    exporter = OTLPSpanExporter(timeout=TIMEOUT_S)
    try:
        whole = tuple(_readable(spans))
        batches = (whole[at : at + BATCH] for at in range(0, len(whole), BATCH))
        return all(exporter.export(batch) is SpanExportResult.SUCCESS for batch in batches)
    finally:
        exporter.shutdown()


def _readable(spans: Collection[Span]) -> Iterator[ReadableSpan]:
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import ReadableSpan
    from opentelemetry.sdk.util.instrumentation import InstrumentationScope
    from opentelemetry.trace import SpanContext, SpanKind, Status, StatusCode, TraceFlags

    producer = Producer()
    resource = Resource.create({"service.name": "radeng", "service.version": producer.version})
    scope = InstrumentationScope("radeng_assets.telemetry", producer.version)

    def context(trace: int, span: int) -> SpanContext:
        return SpanContext(trace, span, is_remote=False, trace_flags=TraceFlags(TraceFlags.SAMPLED))

    for span in spans:
        yield ReadableSpan(
            name=span.name,
            context=context(span.trace, span.id),
            parent=context(span.trace, span.parent) if span.parent is not None else None,
            resource=resource,
            attributes=span.attributes,
            kind=SpanKind.CLIENT if span.client else SpanKind.INTERNAL,
            status=Status(StatusCode.ERROR, span.failed) if span.failed else Status(StatusCode.UNSET),
            start_time=span.began,
            end_time=span.ended,
            instrumentation_scope=scope,
        )
