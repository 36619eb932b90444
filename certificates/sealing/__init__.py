"""The institution's electronic seal on the bytes of a certificate: keys, making it, time stamps, judging it.

Which seal is put on is a setting (docs/operating.md): ``none``, ``local`` (the institution's own key)
or ``bsre`` (a certified signature of the person who signs, given batch by batch). Decision 0028.
"""
