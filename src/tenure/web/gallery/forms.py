"""A form with a field of each kind."""

from __future__ import annotations

from django import forms
from django.http import QueryDict

from tenure.web.language import told
from tenure.words import Words


class SampleForm(forms.Form):
    """Shows how fields, help and errors look."""

    name = forms.CharField(max_length=40)
    email = forms.EmailField()
    industry = forms.ChoiceField(choices=[("retail", "Retail 零售"), ("bank", "Bank 银行")])
    note = forms.CharField(widget=forms.Textarea(attrs={"rows": 2}), required=False)
    since = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}), required=False)
    wants_mail = forms.BooleanField(required=False)
    channel = forms.MultipleChoiceField(
        choices=[("phone", "Phone 电话"), ("wechat", "WeChat 微信")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, data: QueryDict | dict[str, str] | None = None) -> None:
        super().__init__(data, prefix="sample")
        labels = {
            "name": Words("名称", "Name"),
            "email": Words("邮箱", "E-mail"),
            "industry": Words("行业", "Industry"),
            "note": Words("备注", "Note"),
            "since": Words("开始日期", "Since"),
            "wants_mail": Words("愿意收到邮件", "Wants mail"),
            "channel": Words("常用渠道", "Channels"),
        }
        for name, words in labels.items():
            self.fields[name].label = told(words)
        self.fields["name"].help_text = told(Words("最多 40 个字符", "At most 40 characters"))
