"""Tables of access: accounts of staff, departments, teams, roles, invitations, tokens."""

from __future__ import annotations

from datetime import time
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class Department(models.Model):
    """A unit of the organisation; a tree. ``path`` is the ids from the root, ``/1/4/9/``."""

    name = models.CharField(max_length=100)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True)
    path = models.CharField(max_length=500, db_index=True)


class Team(models.Model):
    """People who work on the same customers, across departments."""

    name = models.CharField(max_length=100, unique=True)


class Role(models.Model):
    """What its holders may do, as data: right to scope, and the field groups they read.

    ``grants`` maps a right to the name of a scope; ``reads`` and ``reveals`` are lists of field
    groups. ``key`` names the built-in ones for ever, whatever they are called; one that was not
    ``edited`` follows what newer versions of Tenure bring.
    """

    key = models.CharField(max_length=40, unique=True)
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60)
    built_in = models.BooleanField(default=False)
    edited = models.BooleanField(default=False)
    grants = models.JSONField(default=dict)
    reads = models.JSONField(default=list)
    reveals = models.JSONField(default=list)


class AccountManager(BaseUserManager["Account"]):
    """Makes accounts the way Django's and allauth's parts ask for them."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> Account:
        """An account that logs in with ``email``; without a password only by a link."""
        account = self.model(email=self.normalize_email(email).lower(), **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser):
    """A staff login; never a customer."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=100, blank=True)
    language = models.CharField(max_length=5, default="zh")
    theme = models.CharField(max_length=5, default="auto")
    time_zone = models.CharField(max_length=40, blank=True)
    department = models.ForeignKey(Department, on_delete=models.SET_NULL, null=True, blank=True)
    teams = models.ManyToManyField(Team, blank=True, related_name="members")
    roles = models.ManyToManyField(Role, blank=True, related_name="holders")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    objects: ClassVar[AccountManager] = AccountManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    @property
    def is_staff(self) -> bool:
        """There is no second back office."""
        return False

    def get_full_name(self) -> str:
        """As shown to colleagues."""
        return self.name or self.email

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Rights are roles' (``access.queries``), never Django's permissions."""
        return False

    def has_module_perms(self, app_label: str) -> bool:
        """See :meth:`has_perm`."""
        return False


class Invitation(models.Model):
    """A link that lets one person make their account; only its digest is kept."""

    email = models.EmailField()
    name = models.CharField(max_length=100, blank=True)
    digest = models.BinaryField(max_length=32, unique=True)
    department = models.ForeignKey(Department, on_delete=models.SET_NULL, null=True, blank=True)
    roles = models.ManyToManyField(Role, blank=True)
    teams = models.ManyToManyField(Team, blank=True)
    invited_by = models.CharField(max_length=100)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)


class LoginLink(models.Model):
    """A link that logs one account in, once and soon; only its digest is kept."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    digest = models.BinaryField(max_length=32, unique=True)
    made_by = models.CharField(max_length=100)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class Organisation(models.Model):
    """Whoever runs this installation; one row at most.

    ``working_days`` are ISO weekdays (Monday is 1); ``exceptions`` maps an ISO date to its name
    and whether it is worked, for holidays and for the days worked in their stead. Working days
    last from ``opens`` to ``closes`` by the organisation's clock. What is known
    of a customer is outdated ``fresh_days`` days after it was last told.
    """

    name = models.CharField(max_length=100, blank=True)
    language = models.CharField(max_length=5, default="zh")
    working_days = models.JSONField(default=list)
    exceptions = models.JSONField(default=dict)
    opens = models.TimeField(default=time(9))
    closes = models.TimeField(default=time(18))
    first_weekday = models.PositiveSmallIntegerField(default=1)
    fresh_days = models.PositiveIntegerField(default=365)


class Service(models.Model):
    """A program that asks through the API on its own behalf; it has roles as a person has.

    Scopes that reach own or a team's customers reach none of a service's, for nobody is a
    service's customer; ``department`` gives the scope of a department its meaning.
    """

    name = models.CharField(max_length=100, unique=True)
    department = models.ForeignKey(Department, on_delete=models.SET_NULL, null=True, blank=True)
    roles = models.ManyToManyField(Role, blank=True, related_name="services")
    created_by = models.CharField(max_length=100)
    created_at = models.DateTimeField()
    switched_off_at = models.DateTimeField(null=True)


class ApiToken(models.Model):
    """What a program shows at the API in the name of an account or a service.

    Only its digest is kept, with its last characters to tell it by. ``scopes`` are rights and
    ``reads`` field groups: never more than the owner has at the moment of asking.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, null=True, blank=True)
    service = models.ForeignKey(Service, on_delete=models.CASCADE, null=True, blank=True)
    name = models.CharField(max_length=100)
    digest = models.BinaryField(max_length=32, unique=True)
    hint = models.CharField(max_length=4)
    scopes = models.JSONField(default=list)
    reads = models.JSONField(default=list)
    created_by = models.CharField(max_length=100)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(account__isnull=True) ^ models.Q(service__isnull=True),
                name="token_of_one_owner",
            )
        ]


class KeptAnswer(models.Model):
    """What a request with an ``Idempotency-Key`` was answered, for a day; sealed.

    ``request`` is the digest of what was asked; ``status`` is 0 while the answer is being made.
    """

    token = models.ForeignKey(ApiToken, on_delete=models.CASCADE)
    key = models.CharField(max_length=200)
    request = models.BinaryField(max_length=32)
    status = models.PositiveSmallIntegerField(default=0)
    headers = models.JSONField(default=dict)
    body = models.BinaryField(default=bytes)
    kept_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["token", "key"], name="answer_once")
        ]
