"""What a reseller still has to set up, because the distributor's settings did not fit its tenant."""

from twotier.bss.tenants.observing import TenantFacts


def cautions(facts: TenantFacts) -> tuple[str, ...]:
    """Say what a tenant lacks, in clauses that continue after its name."""
    root = facts.distributor.display_name
    lacking = (
        (facts.lacks_taxes, f"has no taxes, as none of {root} apply to it: the reseller has to set up its own"),
        (
            facts.lacks_payment_methods,
            f"has no payment method, as {root} has none without a gateway: the reseller has to set up its own",
        ),
    )
    return tuple(clause for lacks, clause in lacking if lacks)
