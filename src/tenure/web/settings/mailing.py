"""Invitations by mail, where this installation sends any."""

from __future__ import annotations

import logging
import smtplib

from django.conf import settings
from django.core.mail import send_mail

from tenure.web.language import told
from tenure.words import Words

_log = logging.getLogger(__name__)


def mail_invitation(email: str, address: str, inviter: str) -> bool:
    """Send the link; whether it went off. Where not, whoever invites passes it on."""
    if not settings.EMAIL_ENABLED:
        return False
    subject = told(Words(f"{inviter} 邀请您使用 Tenure", f"{inviter} invites you to Tenure"))
    body = told(
        Words(
            f"{inviter} 为您开通了账号。请在 7 天内打开下面的链接，设置密码：\n\n{address}\n\n"
            "如果您不认识对方，请忽略这封邮件。",
            f"{inviter} made an account for you. Open this link within 7 days and choose a "
            f"password:\n\n{address}\n\nIf you do not know them, ignore this message.",
        )
    )
    try:
        return send_mail(subject, body, None, [email]) == 1
    except (smtplib.SMTPException, OSError):
        _log.exception("an invitation could not be mailed")
        return False
