"""Convert an original file to CSV on standard output."""

import argparse
import sys
from pathlib import Path

from twotier.dev.datasets import DATASETS


def main() -> None:
    """Read the arguments and convert."""
    parser = argparse.ArgumentParser(prog="python -m twotier.dev.datasets", description=__doc__)
    parser.add_argument("dataset", choices=sorted(DATASETS), help="what the file is")
    parser.add_argument("file", type=Path, help="the original file, plain or compressed with gzip")
    given = parser.parse_args()
    sys.stdout.buffer.write(DATASETS[given.dataset].to_csv(given.file.read_bytes()))


if __name__ == "__main__":
    main()
