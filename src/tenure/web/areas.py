"""The areas of the product, as the sidebar and the command palette show them."""

from __future__ import annotations

from dataclasses import dataclass

from tenure.words import Words


@dataclass(frozen=True, slots=True)
class Place:
    """A page one can go to.

    Attributes:
        key: stable name.
        words: how it is called.
        icon: a name in the sprite (``hatch_build.ICONS``).
        url: name of its address, which takes no arguments.
        right: who may go there; ``None``: everybody who is logged in.
        also: further words by which the palette finds it.
    """

    key: str
    words: Words
    icon: str
    url: str
    right: str | None = None
    also: str = ""


@dataclass(frozen=True, slots=True)
class Area(Place):
    """A place in the sidebar, with the places within it.

    An area with places leads to the first one that the viewer may see.
    """

    places: tuple[Place, ...] = ()


AREAS: tuple[Area, ...] = (
    Area("today", Words("今天", "Today"), "home", "today"),
    Area(
        "customers",
        Words("客户", "Customers"),
        "users",
        "customers:list",
        "customer.view",
        also="kehu people list",
        places=(
            Place(
                "customer-list",
                Words("客户列表", "List"),
                "list",
                "customers:list",
                "customer.view",
            ),
            Place(
                "merge-suggestions",
                Words("合并建议", "Merge suggestions"),
                "git-merge",
                "customers:review",
                "customer.merge",
                also="hebing chongfu duplicates merge review",
            ),
        ),
    ),
    Area(
        "lifecycle",
        Words("生命周期", "Lifecycle"),
        "chart-sankey",
        "lifecycle:board",
        "customer.view",
        also="shengmingzhouqi board stages flows",
    ),
    Area(
        "definitions",
        Words("定义", "Definitions"),
        "adjustments",
        "definitions:library",
        "definition.view",
        also="dingyi editor metric model",
    ),
    Area(
        "acquire",
        Words("获客", "Acquire"),
        "target",
        "forms:list",
        "form.manage",
        also="huoke leads",
        places=(
            Place(
                "forms",
                Words("表单", "Forms"),
                "list-details",
                "forms:list",
                "form.manage",
                also="biaodan lead registration survey qr",
            ),
        ),
    ),
    Area(
        "imports",
        Words("导入", "Imports"),
        "file-import",
        "imports:list",
        "import.view",
        also="daoru upload file csv xlsx",
    ),
    Area(
        "sources",
        Words("数据源", "Data sources"),
        "plug",
        "sources:list",
        "health.view",
        also="shujuyuan sdk write key segment posthog",
        places=(
            Place("source-list", Words("发送方", "Senders"), "plug", "sources:list", "health.view"),
            Place(
                "feeds",
                Words("接入", "Feeds"),
                "database-import",
                "feeds:list",
                "health.view",
                also="jieru webhook folder table pull wenjianjia shujuku dianhua shangcheng",
            ),
        ),
    ),
    Area(
        "health",
        Words("数据健康", "Data health"),
        "heartbeat",
        "health:overview",
        "health.view",
        also="shujujiankang quality dead letters",
    ),
    Area(
        "settings",
        Words("设置", "Settings"),
        "settings",
        "settings:about",
        places=(
            Place(
                "people",
                Words("人员", "People"),
                "users-group",
                "settings:people",
                "account.manage",
            ),
            Place(
                "departments",
                Words("部门与团队", "Departments and teams"),
                "sitemap",
                "settings:departments",
                "account.manage",
            ),
            Place("roles", Words("角色", "Roles"), "shield-check", "settings:roles", "role.manage"),
            Place("tokens", Words("接口令牌", "API tokens"), "key", "settings:tokens"),
            Place(
                "services",
                Words("服务与令牌", "Services and tokens"),
                "plug",
                "settings:services",
                "token.manage",
            ),
            Place(
                "webhooks",
                Words("Webhook 推送", "Webhooks"),
                "send",
                "webhooks:list",
                "webhook.manage",
                also="tuisong webhook endpoint http push",
            ),
            Place(
                "why",
                Words("为什么能（不能）看", "Why one can (or cannot)"),
                "help",
                "settings:why",
                "account.manage",
            ),
            Place(
                "organisation",
                Words("组织", "Organisation"),
                "building",
                "settings:organisation",
                "organisation.manage",
            ),
            Place(
                "packs", Words("行业包", "Packs"), "package", "definitions:packs", "definition.view"
            ),
            Place("audit", Words("审计", "Audit"), "history", "settings:audit", "audit.view"),
            Place("about", Words("关于", "About"), "info-circle", "settings:about"),
        ),
    ),
)
