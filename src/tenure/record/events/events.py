"""The event types the log records about itself, the same as in the core pack.

They stand here too because the log must read them rightly whatever has been published.
"""

from __future__ import annotations

from tenure.definitions import EventType, Field
from tenure.words import Words

OWN_SOURCE = "tenure"
"""The source of events that Tenure itself records."""

_REASON = Field("reason", "string", personal=True, name=Words("原因", "Reason"))
_BY = Field("by", "string", name=Words("操作人", "Done by"))
_LEFT = Field("left", "integer", required=True, name=Words("一侧标识", "One identifier"))
_RIGHT = Field("right", "integer", required=True, name=Words("另一侧标识", "The other identifier"))
_BATCH = Field("batch_id", "integer", required=True, name=Words("导入编号", "Import number"))

LINKED = EventType(
    "identity.linked",
    Words("标识已关联", "Identifiers linked"),
    fields=(_LEFT, _RIGHT, _REASON, _BY),
)
UNLINKED = EventType(
    "identity.unlinked",
    Words("标识已拆分", "Identifiers unlinked"),
    fields=(_LEFT, _RIGHT, _REASON, _BY),
)
REOPENED = EventType(
    "identity.reopened",
    Words("标识关联的说法已收回", "Word about identifiers taken back"),
    fields=(_LEFT, _RIGHT, _REASON, _BY),
)
UNDONE = EventType(
    "import.undone", Words("导入已撤销", "Import undone"), fields=(_BATCH, _REASON, _BY)
)

OWN_TYPES = {kind.key: kind for kind in (LINKED, UNLINKED, REOPENED, UNDONE)}
"""Written only by the operations they belong to, never taken from a source."""
