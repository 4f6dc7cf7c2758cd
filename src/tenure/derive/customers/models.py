"""Who is who, as concluded from the links between identifiers; always rebuildable."""

from __future__ import annotations

from django.db import models


class IdentifierCustomer(models.Model):
    """The customer of one identifier. Sparse: an identifier without a row is its own customer.

    A customer's id is the smallest identifier id of its connected component, so the same
    links give the same customers in whatever order they came.
    """

    identifier_id = models.BigIntegerField(primary_key=True)
    customer_id = models.BigIntegerField(db_index=True)


class RefusedLink(models.Model):
    """Links that were seen but do not make two identifiers one customer, with the reason."""

    class Reason(models.TextChoices):
        """Why a link does not count."""

        SHARED = "shared", "shared by too many"
        UNLINKED = "unlinked", "taken apart by a person"

    left_id = models.BigIntegerField()
    right_id = models.BigIntegerField(db_index=True)
    reason = models.CharField(max_length=16, choices=Reason.choices)
    shared_id = models.BigIntegerField(null=True)
    others = models.IntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["left_id", "right_id"], name="one_refusal_per_pair")
        ]


class IdentityState(models.Model):
    """How far the links have been read: one row, written with the map in one transaction."""

    name = models.CharField(primary_key=True, max_length=16)
    link_cursor = models.BigIntegerField()
    event_cursor = models.BigIntegerField()
    definitions = models.CharField(max_length=64)
    as_of = models.DateTimeField()
