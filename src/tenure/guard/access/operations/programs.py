"""Services: programs with roles of their own, that ask by tokens."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from tenure.actor import Actor
from tenure.guard.access.models import Service
from tenure.guard.access.operations.finding import department_of, roles_of
from tenure.guard.access.operations.limits import demand_no_wider
from tenure.guard.access.queries import demand
from tenure.guard.trail.operations import note
from tenure.words import TenureError, Words

LONGEST_NAME = 100


@transaction.atomic
def add_service(
    *, name: str, roles: Sequence[str], department_id: int | None = None, by: Actor, at: datetime
) -> int:
    """A service with roles; its number.

    Raises:
        ForbiddenError: ``by`` does not manage tokens.
        TenureError: the name is taken or no name, there is no such role or department, or a role
            reaches further than the rights of ``by``.
    """
    demand(by, "token.manage")
    called = name.strip()
    if not 0 < len(called) <= LONGEST_NAME or Service.objects.filter(name=called).exists():
        raise TenureError(
            Words(
                f"服务需要 1 到 {LONGEST_NAME} 个字且未被使用的名称",
                f"a service needs a name of 1 to {LONGEST_NAME} characters that no other has",
            )
        )
    given = roles_of(roles)
    demand_no_wider(by, given)
    place = department_of(department_id)
    row = Service.objects.create(name=called, department=place, created_by=by.key, created_at=at)
    row.roles.set(given)
    said = {"name": called, "roles": list(roles)}
    note("service.added", by=by, at=at, about=f"service:{row.pk}", detail=said)
    return row.pk


@transaction.atomic
def change_service(
    service_id: int, *, roles: Sequence[str], department_id: int | None, by: Actor, at: datetime
) -> None:
    """Give a service other roles; its tokens follow at once.

    Raises:
        ForbiddenError: ``by`` does not manage tokens.
        TenureError: there is no such service, role or department, or a role, given or taken,
            reaches further than the rights of ``by``.
    """
    demand(by, "token.manage")
    row = service_of(service_id)
    given = roles_of(roles)
    demand_no_wider(by, [*given, *row.roles.all()])
    row.department = department_of(department_id)
    row.save(update_fields=["department"])
    row.roles.set(given)
    said = {"name": row.name, "roles": list(roles)}
    note("service.changed", by=by, at=at, about=f"service:{row.pk}", detail=said)


@transaction.atomic
def switch_service(service_id: int, *, on: bool, by: Actor, at: datetime) -> None:
    """Let a service's tokens open nothing, or what they did again.

    Raises:
        ForbiddenError: ``by`` does not manage tokens.
        TenureError: there is no such service, or it has more rights than ``by``.
    """
    demand(by, "token.manage")
    row = service_of(service_id)
    demand_no_wider(by, row.roles.all())
    row.switched_off_at = None if on else at
    row.save(update_fields=["switched_off_at"])
    action = "service.switched_on" if on else "service.switched_off"
    note(action, by=by, at=at, about=f"service:{row.pk}", detail={"name": row.name})


def service_of(service_id: int) -> Service:
    """The service with this number.

    Raises:
        TenureError: there is none.
    """
    row = Service.objects.select_for_update().filter(pk=service_id).first()
    if row is None:
        raise TenureError(Words(f"没有服务 {service_id}", f"there is no service {service_id}"))
    return row
