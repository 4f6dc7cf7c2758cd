"""Where feeds may read files: only beneath directories that the administrator has allowed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from django.conf import settings

from tenure.record.feeds.operations.problems import FeedError
from tenure.words import Words

_MOST_FILES = 10_000


def allowed_folders() -> list[Path]:
    """The directories of ``TENURE_FEED_FOLDERS``, links followed."""
    return [Path(one).resolve() for one in settings.TENURE_FEED_FOLDERS]


def _is_allowed(path: Path) -> bool:
    """Whether a resolved path lies beneath an allowed directory, and not among our own secrets."""
    if path.is_relative_to(Path(settings.TENURE_HOME).resolve()):
        return False
    return any(path.is_relative_to(one) for one in allowed_folders())


def allowed_path(text: str) -> Path:
    """A path beneath an allowed directory, links followed.

    Raises:
        FeedError: it is not, or none is allowed.
    """
    allowed = allowed_folders()
    if not allowed:
        raise FeedError(
            Words(
                zh="还没有允许读取的目录：请管理员在环境变量 TENURE_FEED_FOLDERS 中写明"
                "（多个目录用冒号隔开）并重启",
                en="no directory may be read yet: the administrator names them in the "
                "environment variable TENURE_FEED_FOLDERS (several with colons between) and "
                "restarts",
            )
        )
    if "\x00" in text or not Path(text).is_absolute():
        raise FeedError(
            Words(zh="请写完整路径（以 / 开头）", en="write the whole path, beginning with /")
        )
    path = Path(text).resolve()
    if not _is_allowed(path):
        shown = "、".join(map(str, allowed)), ", ".join(map(str, allowed))
        raise FeedError(
            Words(
                zh=f"{text} 不在允许读取的目录之内。允许的目录：{shown[0]}；"
                "要增加，请管理员修改 TENURE_FEED_FOLDERS",
                en=f"{text} is not beneath a directory that may be read. These may: {shown[1]}; "
                "the administrator adds others in TENURE_FEED_FOLDERS",
            )
        )
    return path


def check_pattern(pattern: str) -> str:
    """A pattern of file names, such as ``*.csv`` or ``**/orders-*.xlsx``.

    Raises:
        FeedError: it is none, or leads out of the folder.
    """
    text = pattern.strip() or "*"
    parts = PurePosixPath(text).parts
    if "\x00" in text or text.startswith("/") or ".." in parts or len(text) > 200:
        raise FeedError(
            Words(
                zh="文件名样式只能指向文件夹之内，如 *.csv 或 **/订单-*.xlsx",
                en="the pattern stays within the folder, such as *.csv or **/orders-*.xlsx",
            )
        )
    return text


def files_in(folder: str, pattern: str) -> Iterator[Path]:
    """The files that match, by name; those that links lead out of the allowed are not there.

    Raises:
        FeedError: the folder is not allowed, not there, unreadable, or holds too many.
    """
    root = allowed_path(folder)
    if not root.is_dir():
        raise FeedError(
            Words(
                zh=f"找不到文件夹 {folder}：请核对路径，网络盘请确认已挂载",
                en=f"there is no folder {folder}: check the path, and that a network drive is "
                "mounted",
            )
        )
    try:
        found = sorted(root.glob(check_pattern(pattern)))
    except (OSError, ValueError, NotImplementedError) as problem:
        raise FeedError(
            Words(
                zh=f"无法读取文件夹 {folder}：请给运行 Tenure 的用户读取权限",
                en=f"the folder {folder} cannot be read: give the user that runs Tenure the right",
            )
        ) from problem
    if len(found) > _MOST_FILES:
        raise FeedError(
            Words(
                zh=f"{folder} 中有超过 {_MOST_FILES:,} 个匹配的文件：请缩小样式或把读过的移走",
                en=f"{folder} holds more than {_MOST_FILES:,} files that match: narrow the "
                "pattern, or move away those that were read",
            )
        )
    for path in found:
        real = path.resolve()
        if not path.name.startswith(".") and real.is_file() and _is_allowed(real):
            yield path
