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
    """An automatic link that does not make its two identifiers one customer, and why.

    ``shared``: the identifier ``because_id`` (a shop's telephone) was seen with ``found``
    others. ``too_large``: the customer ``because_id`` would have ``found`` identifiers.
    """

    left_id = models.BigIntegerField()
    right_id = models.BigIntegerField(db_index=True)
    reason = models.CharField(max_length=16)
    because_id = models.BigIntegerField()
    found = models.BigIntegerField()
    limit = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["left_id", "right_id"], name="one_refusal_per_pair")
        ]


class IdentityState(models.Model):
    """How far the links, and the cards, have been followed: one row each.

    ``definitions`` is a fingerprint of what they were computed under.
    """

    name = models.CharField(primary_key=True, max_length=16)
    link_cursor = models.BigIntegerField()
    event_cursor = models.BigIntegerField()
    definitions = models.CharField(max_length=64)
    as_of = models.DateTimeField()


class CustomerCard(models.Model):
    """A customer as lists show one: whose, of which party, how called, since when known.

    Derived from the log; the operations that assign and tag write theirs at once. The name
    itself lies in the vault, with the event ``name_event_id`` under the field ``name_field``;
    where there is none, the identifier ``label_id`` stands for it. ``tags`` are in order, one a
    line. ``*_us`` are microseconds since the epoch, UTC. ``changed_id`` is the event up to which
    the row is true: a file of the roster that ends before it does not know the change.

    ``source`` is the system the customer was first known by. ``told_us`` is when the profile
    was last told (null: never), ``lacking`` names the fields of the party type without a value,
    in their order, one a line; ``identified``: a strong identifier is on record.
    """

    customer_id = models.BigIntegerField(primary_key=True)
    party = models.CharField(max_length=64)
    owner_id = models.BigIntegerField(null=True, db_index=True)
    tags = models.TextField()
    label_id = models.BigIntegerField(null=True)
    name_event_id = models.BigIntegerField(null=True)
    name_field = models.CharField(max_length=100)
    channel = models.TextField(null=True)
    first_us = models.BigIntegerField()
    last_us = models.BigIntegerField()
    source = models.CharField(max_length=100, null=True)
    told_us = models.BigIntegerField(null=True)
    lacking = models.TextField(default="")
    identified = models.BooleanField(default=False)
    changed_id = models.BigIntegerField(db_index=True)


class CustomerAction(models.Model):
    """What one person changed about many customers at once, so that it can be taken back.

    ``before`` is JSON: per customer what was there before. ``value`` is the owner's number or
    the tag. Kinds are ``assign``, ``tag`` and ``untag``.
    """

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=8)
    value = models.CharField(max_length=60)
    before = models.TextField()
    by = models.CharField(max_length=100)
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)


class SearchToken(models.Model):
    """A keyed digest of a word by which a customer is found; gives nothing of the word away.

    ``blind`` is 8 bytes of the digest. ``subject_id`` is the identifier the name or number is
    of: what is erased with it.
    """

    id = models.BigAutoField(primary_key=True)
    blind = models.BigIntegerField()
    subject_id = models.BigIntegerField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["blind", "subject_id"], name="search_token_once")
        ]


class SavedView(models.Model):
    """A list of customers somebody keeps: condition, columns and order under a name.

    ``owner_id`` is an account; ``shared`` shows it to every colleague. ``condition`` is text of
    the condition language.
    """

    id = models.BigAutoField(primary_key=True)
    owner_id = models.BigIntegerField(db_index=True)
    name = models.CharField(max_length=60)
    shared = models.BooleanField(default=False)
    condition = models.TextField()
    columns = models.JSONField(default=list)
    sort = models.CharField(max_length=120)
    changed_at = models.DateTimeField()


class ViewChoice(models.Model):
    """What one account does with a saved view: keeps it above the list, or begins with it."""

    id = models.BigAutoField(primary_key=True)
    account_id = models.BigIntegerField()
    view = models.ForeignKey(SavedView, on_delete=models.CASCADE)
    pinned = models.BooleanField(default=False)
    first = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account_id", "view"], name="one_choice_per_view")
        ]


class Suggestion(models.Model):
    """Two customers who are likely one, found by comparing all; a person decides.

    Rebuildable: what was decided stands in the log as links and unlinks. ``left_id`` is the
    smaller number. ``evidence`` is JSON: of each field its level of agreement and its weight.
    ``event_id`` is the statement that merged the two, kept where it was taken back.
    """

    class State(models.TextChoices):
        """Where the decision stands."""

        OPEN = "open"
        ACCEPTED = "accepted"
        DECLINED = "declined"

    id = models.BigAutoField(primary_key=True)
    left_id = models.BigIntegerField()
    right_id = models.BigIntegerField(db_index=True)
    party = models.CharField(max_length=64)
    probability = models.FloatField()
    evidence = models.TextField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    event_id = models.BigIntegerField(null=True)
    found_at = models.DateTimeField()
    decided_by = models.CharField(max_length=100, default="")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["left_id", "right_id"], name="one_suggestion_per_pair")
        ]
        indexes = [
            models.Index(fields=["state", "-probability", "id"], name="suggestions_by_state")
        ]


class SuggestionRun(models.Model):
    """The last comparison of all customers of one party, and the line it chose.

    ``looked_at`` pairs were compared. Since then ``new_compared`` customers, told of by events
    up to ``cursor``, were compared with all; the last time at ``new_at`` (null: never).
    """

    party = models.CharField(primary_key=True, max_length=64)
    ran_at = models.DateTimeField()
    compared = models.BigIntegerField()
    looked_at = models.BigIntegerField(default=0)
    pairs = models.BigIntegerField()
    probability = models.FloatField()
    expected_wrong = models.FloatField()
    wrong_at_most = models.FloatField(default=0.02)
    cursor = models.BigIntegerField(default=0)
    new_at = models.DateTimeField(null=True)
    new_compared = models.BigIntegerField(default=0)


class SuggestionCheck(models.Model):
    """The comparison that runs, or ran last: one row, with its job and whether it is to end."""

    id = models.SmallIntegerField(primary_key=True)
    job_id = models.CharField(max_length=64)
    began_at = models.DateTimeField()
    by = models.CharField(max_length=100)
    stopping = models.BooleanField(default=False)


class IdentifierFault(models.Model):
    """An identifier on record that today's rules would refuse or write otherwise."""

    identifier_id = models.BigIntegerField(primary_key=True)
    type = models.CharField(max_length=100)
    fault = models.CharField(max_length=12)
    found_at = models.DateTimeField()
