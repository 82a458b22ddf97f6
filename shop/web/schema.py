"""What search engines and messengers read of a page: schema.org, as data."""

from collections.abc import Iterable
from typing import Any

from flask import current_app

from shop.queries.catalog import ProductView
from shop.rules.money import decimal


def product_schema(product: ProductView) -> dict[str, Any]:
    """Return a product with its offer."""
    config = current_app.extensions["shop_config"]
    picture = current_app.extensions["shop_picture"]
    names = product.pictures or [product.picture]
    stock = "InStock" if product.left else "OutOfStock"
    found: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Product",
        "name": product.name,
        "image": [config.shop_url + picture(name) for name in names if name],
        "description": product.description,
        "sku": product.article or str(product.id),
        "offers": {
            "@type": "Offer",
            "url": config.shop_url + product.url,
            "price": decimal(product.price_kopecks),
            "priceCurrency": "RUB",
            "availability": f"https://schema.org/{stock}",
        },
    }
    if product.brand:
        found["brand"] = {"@type": "Brand", "name": product.brand}
    if product.barcode.isdigit() and len(product.barcode) in {8, 12, 13, 14}:
        found["gtin"] = product.barcode
    return found


def crumbs_schema(crumbs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Return the way to a page."""
    address = current_app.extensions["shop_config"].shop_url
    return {
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": address + url}
            for place, (name, url) in enumerate(crumbs, start=1)
        ],
    }
