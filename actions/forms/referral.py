"""Asking for a talk with a counsellor: the referral."""

from __future__ import annotations

from actions.forms.contact import ContactField
from actions.forms.fields import ChoiceField, ConfirmField, Draft, NameField, TimeField
from actions.forms.form import ResidentForm

CONSENT = ChoiceField("consent", {"no": ("deny", "stop", "不同意", "不要"), "yes": ("affirm", "同意")})


class ReferralForm(ResidentForm):
    """Consent before anything else; then how to be called (anonymous is fine), how to be reached, and when."""

    form = "referral_form"
    fields = (CONSENT, NameField(), ContactField(), TimeField("preferred_time"), ConfirmField())

    def next_field(self, draft: Draft) -> str | None:
        """Without consent nothing more is asked."""
        return None if draft.get("consent") == "no" else super().next_field(draft)
