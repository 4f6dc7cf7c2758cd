"""Every read of imports."""

from __future__ import annotations

from .listing import (
    ImportFilter,
    ImportSummary,
    finished_since,
    import_page,
    import_people,
    import_sources,
    import_summary,
    imports,
    latest_unfinished,
    refused_rows_by_source,
    unfinished_import_of,
)
from .refusals import RefusedPage, RefusedRow, refused_page, report_rows
from .results import (
    MOST_SHOWN,
    STATUS,
    TallyLine,
    broken_key_words,
    money_in,
    odd_lines,
    row_lines,
    type_lines,
)
from .uploads import (
    Trial,
    UploadView,
    drafts,
    job_progress,
    mended_by,
    sent_off,
    upload_of,
    upload_view,
)

__all__ = [
    "MOST_SHOWN",
    "STATUS",
    "ImportFilter",
    "ImportSummary",
    "RefusedPage",
    "RefusedRow",
    "TallyLine",
    "Trial",
    "UploadView",
    "broken_key_words",
    "drafts",
    "finished_since",
    "import_page",
    "import_people",
    "import_sources",
    "import_summary",
    "imports",
    "job_progress",
    "latest_unfinished",
    "mended_by",
    "money_in",
    "odd_lines",
    "refused_page",
    "refused_rows_by_source",
    "report_rows",
    "row_lines",
    "sent_off",
    "type_lines",
    "unfinished_import_of",
    "upload_of",
    "upload_view",
]
