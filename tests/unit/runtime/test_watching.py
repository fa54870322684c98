"""What Kopf brings into the operator's process."""

import subprocess
import sys

CHECK = """
import sys
import twotier.runtime.operator
assert "kopf" in sys.modules
assert "kubernetes" not in sys.modules, "Kopf has imported the client that is installed for the CLI"
import kubernetes
"""


def test_kopf_imports_no_kubernetes_client_although_one_is_installed() -> None:
    subprocess.run([sys.executable, "-c", CHECK], check=True)
