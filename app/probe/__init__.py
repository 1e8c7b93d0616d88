"""The probe: can a machine find the hand-drawn mask among those that a physician sees?

Two adversaries are trained, one on how a ballot reaches the browser, one on the masks as they are
shown, and tried on patients they have not met. This side may read origins; nobody who votes gets
to see what it finds. BLIND_VOTING §6.
"""
