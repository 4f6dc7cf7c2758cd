"""What actions of the audit are called in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from tenure.words import Words

ACTIONS: Mapping[str, Words] = {
    "login.made": Words("登录", "Logged in"),
    "login.failed": Words("登录失败", "Login failed"),
    "login.tied": Words("关联其他登录", "Another login tied"),
    "login.untied": Words("解除其他登录", "Another login untied"),
    "logout.made": Words("退出登录", "Logged out"),
    "login_link.made": Words("生成一次性登录链接", "One-time login link made"),
    "login_link.used": Words("使用一次性登录链接", "One-time login link used"),
    "password.changed": Words("修改密码", "Password changed"),
    "password.reset": Words("重置密码", "Password reset"),
    "second_factor.added": Words("添加第二验证方式", "Second factor added"),
    "second_factor.removed": Words("移除第二验证方式", "Second factor removed"),
    "recovery_codes.made": Words("生成恢复码", "Recovery codes made"),
    "sessions.ended": Words("结束会话", "Sessions ended"),
    "account.made": Words("创建账号", "Account made"),
    "account.changed": Words("修改账号权限", "Access of an account changed"),
    "account.renamed": Words("修改账号的邮箱或姓名", "E-mail or name of an account changed"),
    "account.profiled": Words("修改个人设置", "Profile of an account changed"),
    "account.switched_off": Words("停用账号", "Account switched off"),
    "account.switched_on": Words("启用账号", "Account switched on"),
    "invitation.sent": Words("邀请同事", "Invitation sent"),
    "invitation.accepted": Words("接受邀请", "Invitation accepted"),
    "invitation.revoked": Words("撤回邀请", "Invitation taken back"),
    "role.brought": Words("更新内置角色", "Built-in role brought up to date"),
    "role.copied": Words("复制角色", "Role copied"),
    "role.edited": Words("修改角色", "Role edited"),
    "role.reset": Words("恢复内置角色", "Role reset"),
    "role.removed": Words("删除角色", "Role removed"),
    "token.made": Words("创建接口令牌", "API token made"),
    "token.revoked": Words("撤销接口令牌", "API token revoked"),
    "service.added": Words("新增服务", "Service added"),
    "service.changed": Words("修改服务权限", "Rights of a service changed"),
    "service.switched_off": Words("停用服务", "Service switched off"),
    "service.switched_on": Words("启用服务", "Service switched on"),
    "source.added": Words("新增来源", "Source added"),
    "source.key_rotated": Words("更换写入密钥", "Write key of a source rotated"),
    "source.paused": Words("暂停来源", "Source paused"),
    "source.resumed": Words("恢复来源", "Source resumed"),
    "department.added": Words("新增部门", "Department added"),
    "department.renamed": Words("部门改名", "Department renamed"),
    "department.moved": Words("移动部门", "Department moved"),
    "department.removed": Words("删除部门", "Department removed"),
    "team.added": Words("新增团队", "Team added"),
    "team.renamed": Words("团队改名", "Team renamed"),
    "team.removed": Words("删除团队", "Team removed"),
    "organisation.changed": Words("修改组织设置", "Organisation changed"),
    "audit.exported": Words("导出审计", "Audit exported"),
    "customer.viewed": Words("查看客户", "Customer viewed"),
    "customer.edited": Words("编辑客户", "Customer edited"),
    "customer.revealed": Words("显示客户的隐藏信息", "Hidden field of a customer revealed"),
    "customer.exported": Words("导出客户", "Customers exported"),
    "customer.assigned": Words("分配客户", "Customer assigned"),
    "customer.merged": Words("合并客户", "Customers merged"),
    "customer.unmerged": Words("拆分客户", "Customers unmerged"),
    "suggestion.declined": Words("否定合并建议", "Suggested merge declined"),
    "definition.published": Words("发布定义", "Definition published"),
    "stage.pinned": Words("固定阶段", "Stage pinned"),
    "stage.unpinned": Words("取消固定阶段", "Stage unpinned"),
    "import.run": Words("运行导入", "Import run"),
    "import.undone": Words("撤销导入", "Import undone"),
    "event.recorded": Words("接口记录事件", "Events recorded through the API"),
    "event.mended": Words("修复被拒事件", "Refused event mended"),
}
"""Actions that have a name; others are shown as they are written."""


def action_words(action: str) -> Words:
    """How ``action`` is called."""
    return ACTIONS.get(action) or Words(zh=action, en=action)
