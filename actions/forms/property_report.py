"""Reporting something broken or disturbing: the property ticket."""

from __future__ import annotations

from actions.forms.fields import ConfirmField, NameField, PhoneField, PlaceField, ProblemField, TimeField
from actions.forms.form import ResidentForm


class PropertyForm(ResidentForm):
    """What, where, how to reach the resident, and when somebody is at home if a worker has to come in."""

    form = "property_form"
    fields = (
        ProblemField(),
        PlaceField(),
        PhoneField(),
        TimeField(indoors_only=True),
        NameField(ask=False),
        ConfirmField(),
    )
