"""Public price data as price lists: converters of the original files to CSV, each with the format that reads it.

    python -m twotier.dev.datasets azure-retail FILE > list.csv

The original files may be compressed with gzip. Numbers keep the digits that the publisher wrote.
"""

import csv
import gzip
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from twotier.bss.sheets.format import Format
from twotier.dev.datasets import azure_retail, gcp, registrar, unified_catalog

GZIP: Final = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Dataset:
    """A kind of public price data.

    Attributes:
        header: columns of the CSV file that it becomes.
        rows: converts the original file to its rows.
        format: how that CSV file is read.
        currency: of all its prices.
    """

    header: Sequence[str]
    rows: Callable[[bytes], Iterator[Sequence[str]]]
    format: Format
    currency: str = "USD"

    def to_csv(self, original: bytes) -> bytes:
        """Convert an original file, plain or compressed; the same file always gives the same bytes."""
        plain = gzip.decompress(original) if original.startswith(GZIP) else original
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(self.header)
        writer.writerows(self.rows(plain))
        return text.getvalue().encode()


DATASETS: Final = {
    "azure-retail": Dataset(azure_retail.HEADER, azure_retail.rows, azure_retail.FORMAT),
    "registrar": Dataset(registrar.HEADER, registrar.rows, registrar.FORMAT),
    "unified-catalog": Dataset(unified_catalog.HEADER, unified_catalog.rows, unified_catalog.FORMAT),
    "gcp": Dataset(gcp.HEADER, gcp.rows, gcp.FORMAT),
}
