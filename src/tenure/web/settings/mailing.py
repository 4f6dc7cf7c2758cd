"""Invitations by mail, where this installation sends any."""

from __future__ import annotations

import logging
import smtplib

from django.conf import settings
from django.core.mail import send_mail

from tenure.web.language import told
from tenure.words import TenureError, Words

_log = logging.getLogger(__name__)


class MailingError(TenureError):
    """A message did not go off; says why, for whoever can mend it."""


def mail_invitation(email: str, address: str, inviter: str) -> bool:
    """Send the link; whether this installation sends mail at all.

    Raises:
        MailingError: it does, and this did not go off.
    """
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
        send_mail(subject, body, None, [email])
    except (smtplib.SMTPException, OSError) as failure:
        _log.warning("an invitation could not be mailed: %s", type(failure).__name__)
        raise MailingError(_why_not(failure)) from failure
    return True


def _why_not(failure: Exception) -> Words:
    server = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    if isinstance(failure, smtplib.SMTPRecipientsRefused):
        return Words("邮件服务器不接受这个收件地址", "the mail server does not take this address")
    if isinstance(failure, smtplib.SMTPSenderRefused):
        return Words(
            f"邮件服务器不接受发件地址 {settings.DEFAULT_FROM_EMAIL}（TENURE_EMAIL_FROM）",
            f"the mail server refuses the sender {settings.DEFAULT_FROM_EMAIL} (TENURE_EMAIL_FROM)",
        )
    if isinstance(failure, smtplib.SMTPAuthenticationError):
        return Words(
            "邮件服务器不接受用户名或密码（TENURE_EMAIL_URL）",
            "the mail server refuses user name or password (TENURE_EMAIL_URL)",
        )
    if isinstance(failure, smtplib.SMTPException) and not isinstance(
        failure, smtplib.SMTPServerDisconnected
    ):
        return Words(f"邮件服务器 {server} 拒收", f"the mail server {server} refused the message")
    return Words(f"连不上邮件服务器 {server}", f"the mail server {server} cannot be reached")
