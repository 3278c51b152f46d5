"""The sample rate that a LiteRT file states, where its maker wrote metadata into it.

The metadata are a FlatBuffer within the file's FlatBuffer (TensorFlow Lite Metadata, metadata_schema.fbs).
"""

import struct
from collections.abc import Iterator
from pathlib import Path

from gansynth_isa.classifiers.embedding.flatbuffer import Table

METADATA_NAME = b"TFLITE_METADATA"
AUDIO_PROPERTIES = 4  # of the union of content properties
# Places of fields in their tables.
MODEL_BUFFERS, MODEL_METADATA = 4, 6
METADATA_ENTRY_NAME, METADATA_ENTRY_BUFFER, BUFFER_DATA = 0, 1, 0
SUBGRAPHS, INPUT_TENSORS, CONTENT = 3, 2, 3
CONTENT_TYPE, CONTENT_PROPERTIES, SAMPLE_RATE = 0, 1, 0


def stated_sample_rate(path: Path) -> int | None:
    """The rate in Hz of the first input that is said to be audio; None where the file does not say it."""
    try:
        contents = path.read_bytes()
        return next((rate for part in _metadata(contents) for rate in _rates(Table.root(part))), None)
    except (OSError, struct.error, IndexError):
        return None


def _metadata(contents: bytes) -> Iterator[bytes]:
    model = Table.root(contents)
    buffers = model.tables(MODEL_BUFFERS)
    for entry in model.tables(MODEL_METADATA):
        if entry.content(METADATA_ENTRY_NAME) == METADATA_NAME:
            yield buffers[entry.number(METADATA_ENTRY_BUFFER, "<I")].content(BUFFER_DATA)


def _rates(metadata: Table) -> Iterator[int]:
    for subgraph in metadata.tables(SUBGRAPHS):
        for tensor in subgraph.tables(INPUT_TENSORS):
            content = tensor.table(CONTENT)
            if content is None or content.number(CONTENT_TYPE, "<B") != AUDIO_PROPERTIES:
                continue
            properties = content.table(CONTENT_PROPERTIES)
            if properties is not None and (rate := properties.number(SAMPLE_RATE, "<I")):
                yield rate
