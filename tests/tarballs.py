"""Archives as Flux's source-controller packs them."""

import gzip
import io
import tarfile
from collections.abc import Mapping


def tarball(files: Mapping[str, bytes]) -> bytes:
    """Return a tar.gz of files, by their paths."""
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w") as entries:
        for path, content in files.items():
            entry = tarfile.TarInfo(path)
            entry.size = len(content)
            entries.addfile(entry, io.BytesIO(content))
    return gzip.compress(held.getvalue(), mtime=0)
