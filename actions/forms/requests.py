"""Small forms that open a ticket: a volunteer's help, a suggestion, a call-back."""

from __future__ import annotations

from actions.forms.fields import ConfirmField, NameField, PhoneField, PlaceField, TextField, TimeField
from actions.forms.form import ResidentForm


class VolunteerForm(ResidentForm):
    """What help is needed, where and when."""

    form = "volunteer_form"
    fields = (
        TextField("wish", first=True, longest=500),
        PlaceField(),
        TimeField("booking_time"),
        PhoneField(),
        ConfirmField(),
    )


class SuggestionForm(ResidentForm):
    """An idea for the community; contact is optional."""

    form = "suggestion_form"
    fields = (TextField("wish", first=True, bare=10, longest=2000, asks="suggestion"), PhoneField(), ConfirmField())


class CallbackForm(ResidentForm):
    """Somebody of the office calls back: about what, which number, when."""

    form = "callback_form"
    fields = (
        TextField("wish", optional=True, longest=500, asks="callback"),
        PhoneField(),
        TimeField("booking_time"),
        NameField(),
        ConfirmField(),
    )
