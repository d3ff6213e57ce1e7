"""Asking for a talk with a counsellor: the referral."""

from __future__ import annotations

from actions.forms.fields import ChoiceField, ConfirmField, NameField, TimeField
from actions.forms.form import ResidentForm
from actions.forms.contact import ContactField

CONSENT = ChoiceField("consent", {"yes": ("affirm", "同意"), "no": ("deny", "不同意", "stop")})


class ReferralForm(ResidentForm):
    """Consent before anything else; then how to be called (anonymous is fine), how to be reached, and when."""

    form = "referral_form"
    fields = (CONSENT, NameField(), ContactField(), TimeField("preferred_time"), ConfirmField())
