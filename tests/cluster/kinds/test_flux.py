"""Flux that is installed, and taken away, while the operator runs."""

from tests.flux import Artifacts, Flux, installed_flux, source
from tests.shop import DISK, MAIL, Shop, csv, distributor, price_list

from twotier.dev.cluster import Cluster

NO_FLUX = "this cluster has no source.toolkit.fluxcd.io/v1 Bucket: install Flux, or name another source in spec.source"


def test_flux_may_come_and_go(shop: Shop, cluster: Cluster, artifacts: Artifacts) -> None:
    shop.apply(distributor(), price_list(source={"artifact": {"kind": "Bucket", "name": "prices", "path": "a.csv"}}))
    shop.await_message("PriceList", "retail", NO_FLUX)

    flux = Flux(shop, artifacts)
    with installed_flux(cluster):
        shop.apply(source("Bucket"))
        flux.publish("Bucket", "prices", "1", {"a.csv": csv(MAIL)})
        shop.await_status("PriceList", "retail", "revision", 1)
        flux.publish("Bucket", "prices", "2", {"a.csv": csv(DISK)})
        shop.await_status("PriceList", "retail", "revision", 2)
        shop.await_ready(price_list())

    shop.await_message("PriceList", "retail", NO_FLUX)
    assert shop.status("PriceList", "retail")["revision"] == 2
    shop.apply(price_list("wholesale", MAIL))
    shop.await_ready(price_list("wholesale"))
